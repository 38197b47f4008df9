// Loads the frame page. In a web page the page agent hands its port over before the module is there, so it is waited for
// here; in a window of its own nobody does.
import init, { start } from './frame.js';

const introduction = parent === window ? undefined : new Promise((resolve) => {
  addEventListener('message', (event) => {
    if (event.source === parent && event.ports.length === 1) resolve(event);
  });
});
await init({ module_or_path: new URL('frame_bg.wasm', import.meta.url) });
start(introduction);
