// A stand-in for the adapter: the frame of protocol 1.1, and a global that turns calls into messages.
(() => {
  if (window.RCAdapter) return;
  const base = new URL('.', document.currentScript.src);
  const frame = Object.assign(document.createElement('iframe'), {
    id: 'rc-widget-adapter-frame', allow: 'microphone; autoplay', width: 300, height: 500,
    src: `${base}app.html${document.currentScript.src.match(/\?.*/)?.[0] ?? '?'}&fromAdapter=1&_t=${Date.now()}`,
  });
  frame.sandbox = 'allow-same-origin allow-scripts allow-forms allow-popups allow-downloads allow-popups-to-escape-sandbox';
  const box = Object.assign(document.createElement('div'), { id: 'rc-widget', className: 'Adapter_root Adapter_right' });
  Object.assign(box.style, { position: 'fixed', right: '20px', bottom: '20px', zIndex: 999, background: '#fff' });
  frame.style.border = '0';
  box.append(frame);
  const build = () => document.body.append(box);
  if (document.readyState === 'complete') build(); else addEventListener('load', build);
  const post = (type, rest) => frame.contentWindow.postMessage({ type, ...rest }, base.origin);
  window.RCAdapter = {
    clickToCall: (phoneNumber, toCall = false) => post('rc-adapter-new-call', { phoneNumber, toCall }),
    clickToSMS: (phoneNumber, text) => post('rc-adapter-new-sms', { phoneNumber, text }),
    controlCall: (callAction, callId, options) => post('rc-adapter-control-call', { callAction, callId, options }),
    navigateTo: (path) => post('rc-adapter-navigate-to', { path }),
    logoutUser: () => post('rc-adapter-logout'),
  };
})();
