// window.RCAdapter, in the page's own world: hands each call to the page agent, which decides, and its answer back.
(() => {
  const connect = Symbol.for('RCAdapter.connect'), open = new Map();
  if (window.RCAdapter) { window.RCAdapter[connect]?.(); return; }
  const tells = 'clickToCall clickToSMS controlCall navigateTo logoutUser updateCallingSetting updateSmsSetting '
    + 'updateRingtone setAutoLog setEnvironment setPhoneNumberFormat setMinimized toggleMinimized setClosed toggleClosed '
    + 'setSize popupWindow showFeedback dispose';
  const asks = 'getUnloggedCalls getCallLog alertMessage dismissMessage createSMSTemplate scheduleMeeting isWindowPoppedUp refreshLoginSession';
  let port, state = {}, last = Math.floor(Math.random() * 1e9);
  const tell = (method, args) => {
    try { port.postMessage({ call: last += 1, method, args }); } catch { port.postMessage({ call: last, method, args: [] }); }
  };
  const ask = (method, args) => new Promise((done, fail) => {
    tell(method, args);
    open.set(last, (answer, refused) => (refused ? fail(new Error(`${method}: ${refused}`)) : done(answer)));
    setTimeout((call) => { open.delete(call); fail(new Error(`${method}: no answer in time`)); }, 5000, last);
  });
  const hear = ({ data }) => {
    const { call, answer, refused, state: now, end } = JSON.parse(data);
    if (now) state = now; else if (end) Object.keys(globals).forEach((name) => delete window[name]);
    else if (open.has(call)) open.get(call)(answer, refused); else if (refused) console.warn(`RCAdapter: ${refused}`);
  };
  const begin = () => { const pair = new MessageChannel(); port?.close(); port = pair.port1; port.onmessage = hear; window.postMessage('RCAdapter', location.origin, [pair.port2]); };
  const api = Object.defineProperty({}, connect, { value: begin });
  const globals = { RCAdapter: api, RCAdapterInit: () => api.setClosed(false), RCAdapterDispose: () => api.dispose() };
  for (const [names, send] of [[tells, tell], [asks, ask]]) for (const name of names.split(' ')) api[name] = (...args) => send(name, args);
  for (const name of ['minimized', 'closed', 'telephonyStatus', 'userStatus', 'dndStatus']) Object.defineProperty(api, name, { enumerable: true, get: () => state[name] });
  Object.assign(window, globals); begin();
})();
