// Registers every listener at once, as a worker must, and passes each event to the module when it is there.
import init, { on_event, on_message, use_injector } from './background.js';
import { addScript, disposeAdapter } from './injector.js';

const ready = init({ module_or_path: chrome.runtime.getURL('background/background_bg.wasm') })
  .then(() => use_injector(addScript, disposeAdapter));
const tell = (name) => () => { ready.then(() => on_event(name)); };

chrome.runtime.onMessage.addListener((message, sender, reply) => {
  ready.then(() => on_message(message, JSON.stringify(sender))).then(reply, () => reply());
  return true;
});
chrome.runtime.onInstalled.addListener(tell('installed'));
chrome.runtime.onStartup.addListener(tell('startup'));
chrome.permissions.onAdded.addListener(tell('permission-added'));
chrome.permissions.onRemoved.addListener(tell('permission-removed'));
tell('started')();
