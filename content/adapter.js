// window.RCAdapter, in the page's own world: hands each call to the page agent, which decides, and gives its answer.
(() => {
  const connect = Symbol.for('RCAdapter.connect');
  if (window.RCAdapter) { window.RCAdapter[connect]?.(); return; }
  const methods = 'clickToCall clickToSMS controlCall navigateTo logoutUser updateCallingSetting updateSmsSetting '
    + 'updateRingtone setAutoLog setEnvironment setPhoneNumberFormat getUnloggedCalls getCallLog alertMessage dismissMessage '
    + 'createSMSTemplate scheduleMeeting isWindowPoppedUp refreshLoginSession showFeedback setMinimized toggleMinimized '
    + 'setClosed toggleClosed setSize popupWindow dispose';
  const api = {}, open = new Map();
  const globals = { RCAdapter: api, RCAdapterInit: () => api.setClosed(false), RCAdapterDispose: () => api.dispose() };
  let port, state = {}, call = Math.floor(Math.random() * 1e9);
  const ask = (method, args) => new Promise((done, fail) => {
    const end = (refused, answer) => { if (refused) fail(new Error(`${method}: ${refused}`)); else done(answer); };
    open.set(call += 1, end);
    setTimeout((late) => { open.delete(late); end('no answer in time'); }, 5000, call);
    try { port.postMessage({ call, method, args }); } catch { port.postMessage({ call, method, args: [] }); }
  });
  const hear = ({ data }) => {
    const said = JSON.parse(data);
    if (said.end) Object.keys(globals).forEach((name) => delete window[name]);
    if (said.state) state = said.state; else open.get(said.call)?.(said.refused, said.answer);
  };
  const begin = () => { const { port1, port2 } = new MessageChannel(); port?.close(); port = port1; port.onmessage = hear; window.postMessage('RCAdapter', location.origin, [port2]); };
  for (const name of methods.split(' ')) api[name] = (...args) => { const done = ask(name, args); done.catch(({ message }) => console.warn(`RCAdapter.${message}`)); return done; };
  for (const name of ['minimized', 'closed', 'telephonyStatus', 'userStatus', 'dndStatus']) Object.defineProperty(api, name, { enumerable: true, get: () => state[name] });
  Object.defineProperty(api, connect, { value: begin });
  Object.assign(window, globals);
  begin();
})();
