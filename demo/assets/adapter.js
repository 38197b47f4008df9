// A stand-in for RingCentral's adapter, as far as a page can tell the two apart: the frame with its header
// bar, the page's links, and `RCAdapter`. Like the real one it builds with `innerHTML` and inline styles,
// which a strict page refuses, and believes every message that reaches the window, whoever posts it.
(() => {
  if (window.RCAdapter) return;
  const script = document.currentScript ?? document.querySelector('script[src*="adapter.js"]');
  const own = script && new URL(script.src);
  // Parameters for the adapter alone; the others are the app's.
  const FOR_ADAPTER = ['zIndex', 'defaultDirection', 'newAdapterUI', 'disableMinimize', 'notification', 'enablePopup', 'popupPageUri'];
  const SANDBOX = 'allow-same-origin allow-scripts allow-forms allow-popups allow-downloads allow-popups-to-escape-sandbox';
  const ANSWER_MS = 5000;
  const STYLE = `
    .Adapter_root { position: fixed; bottom: 20px; width: 300px; background: #fff; border-radius: 10px; overflow: hidden; box-shadow: 0 6px 24px #0004; }
    .Adapter_right { right: 20px; } .Adapter_left { left: 20px; }
    .Adapter_header { display: flex; align-items: center; height: 36px; padding: 0 12px; font: 13px system-ui, sans-serif; }
    .Adapter_presence { flex: 1; } .Adapter_toggle { border: 0; background: none; font: inherit; cursor: pointer; }
    .Adapter_frame { display: block; border: 0; width: 100%; height: 500px; }
    .Adapter_minimized .Adapter_frame { height: 0; } .Adapter_closed { display: none; }`;

  window.RCAdapterInit = ({ appUrl, options } = {}) => {
    // Without any address there is nothing to build, and nobody is told.
    const app = appUrl ?? (own && new URL('app.html', own).href);
    if (window.RCAdapter || !app) return;
    const given = Object.entries(options ?? Object.fromEntries(own?.searchParams ?? [])).filter(([, value]) => value !== '');
    const { prefix = 'rc-widget', zIndex = 999, defaultDirection = 'right', disableMinimize, popupPageUri } = Object.fromEntries(given);
    const query = new URLSearchParams(given.filter(([name]) => !FOR_ADAPTER.includes(name)));

    const root = document.createElement('div');
    root.id = prefix;
    root.innerHTML = `<style>${STYLE}</style>
      <header class="Adapter_header" style="background: #eef"><span class="Adapter_presence"></span>
        ${disableMinimize === undefined ? '<button type="button" class="Adapter_toggle" aria-label="Minimize">–</button>' : ''}</header>
      <iframe class="Adapter_frame" allow="microphone; autoplay" sandbox="${SANDBOX}"></iframe>`;
    root.setAttribute('style', `z-index: ${Number(zIndex) || 999}`);
    const frame = root.querySelector('iframe');
    frame.id = `${prefix}-adapter-frame`;
    frame.src = `${app}?${query}&fromAdapter=1&_t=${Date.now()}`;

    const state = { minimized: false, closed: false, size: { width: 300, height: 500 } };
    const presence = {};
    const calls = new Set();
    const waiting = new Map();
    let asked = 0;
    const show = (changed) => {
      Object.assign(state, changed);
      root.className = `Adapter_root Adapter_${defaultDirection === 'left' ? 'left' : 'right'}`;
      root.classList.toggle('Adapter_minimized', state.minimized);
      root.classList.toggle('Adapter_closed', state.closed);
      root.style.width = `${state.size.width}px`;
    };
    const post = (type, rest) => frame.contentWindow?.postMessage({ type, ...rest }, new URL(app).origin);
    // What the user or the page changes here is kept by the app.
    const change = (name, key, value) => {
      show({ [key]: value });
      post(`rc-adapter-sync${name}`, { [key]: value });
    };
    const ask = (path, body) => new Promise((done, failed) => {
      const requestId = `${prefix}-${asked += 1}`;
      waiting.set(requestId, done);
      setTimeout(() => waiting.delete(requestId) && failed(new Error(`${path}: no answer`)), ANSWER_MS);
      post('rc-adapter-message-request', { requestId, path, body });
    });
    const HEARD = {
      'rc-adapter-pushAdapterState': ({ minimized, closed, size }) => show({ minimized, closed, size: size ?? state.size }),
      'rc-adapter-syncMinimized': ({ minimized }) => show({ minimized }),
      'rc-adapter-syncClosed': ({ closed }) => show({ closed }),
      'rc-adapter-syncSize': ({ size }) => show({ size }),
      'rc-adapter-syncPresence': ({ telephonyStatus, userStatus, dndStatus }) => {
        Object.assign(presence, { telephonyStatus, userStatus, dndStatus });
        root.querySelector('.Adapter_presence').textContent = userStatus ?? '';
      },
      'rc-call-start-notify': ({ call }) => calls.add(call?.id),
      'rc-call-end-notify': ({ call }) => calls.delete(call?.id),
      'rc-adapter-message-response': ({ responseId, response }) => {
        waiting.get(responseId)?.(response);
        waiting.delete(responseId);
      },
    };
    const hear = ({ data }) => HEARD[data?.type]?.(data);
    const warn = (event) => calls.size && event.preventDefault();
    const follow = (event) => {
      const [, scheme, number, query] = event.target.closest?.('a')?.getAttribute('href')?.match(/^(tel|sms):([^?]*)\??(.*)$/) ?? [];
      if (!scheme) return;
      event.preventDefault();
      if (scheme === 'tel') api.clickToCall(decodeURIComponent(number), true);
      else api.clickToSMS(decodeURIComponent(number), new URLSearchParams(query).get('body') ?? undefined);
    };

    const api = {
      clickToCall(phoneNumber, toCall = false) { api.setMinimized(false); post('rc-adapter-new-call', { phoneNumber, toCall }); },
      clickToSMS(phoneNumber, text, conversation, attachments, recipient) {
        api.setMinimized(false);
        post('rc-adapter-new-sms', { phoneNumber, text, conversation, attachments, recipient });
      },
      controlCall: (callAction, callId, options) => post('rc-adapter-control-call', { callAction, callId, options }),
      navigateTo: (path) => post('rc-adapter-navigate-to', { path }),
      logoutUser: () => post('rc-adapter-logout'),
      updateCallingSetting: (setting) => post('rc-calling-settings-update', setting),
      updateSmsSetting: (setting) => post('rc-sms-settings-update', setting),
      updateRingtone: (ringtone) => post('rc-adapter-update-ringtone', ringtone),
      setAutoLog: ({ call, message }) => post('rc-adapter-update-auto-log-settings', { call, message }),
      setEnvironment: () => post('rc-adapter-set-environment'),
      getUnloggedCalls: (perPage, page) => ask('/unlogged-calls', { perPage, page }),
      getCallLog: ({ sessionId, telephonySessionId }) => ask('/get-call-log', { sessionId, telephonySessionId }),
      alertMessage: (alert) => ask('/custom-alert-message', alert),
      dismissMessage: (id) => ask('/dismiss-alert-message', { id }),
      createSMSTemplate: (displayName, text) => ask('/create-sms-template', { displayName, text }),
      scheduleMeeting: (meeting) => ask('/schedule-meeting', meeting),
      isWindowPoppedUp: () => ask('/check-popup-window', { alert: false }),
      setMinimized: (minimized) => change('Minimized', 'minimized', minimized),
      toggleMinimized: () => change('Minimized', 'minimized', !state.minimized),
      setClosed: (closed) => change('Closed', 'closed', closed),
      toggleClosed: () => change('Closed', 'closed', !state.closed),
      setSize: (size) => change('Size', 'size', size),
      popupWindow: () => void open(popupPageUri ?? frame.src, prefix, 'popup,width=300,height=536'),
      dispose: () => window.RCAdapterDispose(),
      get minimized() { return state.minimized; },
      get closed() { return state.closed; },
      get telephonyStatus() { return presence.telephonyStatus; },
      get userStatus() { return presence.userStatus; },
      get dndStatus() { return presence.dndStatus; },
    };
    const build = () => document.body.append(root);
    window.RCAdapter = api;
    window.RCAdapterDispose = () => {
      root.remove();
      for (const [kind, heard] of [['message', hear], ['beforeunload', warn], ['click', follow], ['load', build]]) removeEventListener(kind, heard);
      delete window.RCAdapter;
    };

    show({});
    root.querySelector('.Adapter_toggle')?.addEventListener('click', api.toggleMinimized);
    for (const [kind, heard] of [['message', hear], ['beforeunload', warn], ['click', follow]]) addEventListener(kind, heard);
    if (document.readyState === 'complete') build(); else addEventListener('load', build);
  };
  if (!window.RC_EMBEDDABLE_ADAPTER_MANUAL_INIT) window.RCAdapterInit();
})();
