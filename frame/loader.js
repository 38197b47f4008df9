// Loads the frame page. The page agent hands its port over before the module is there, so it is waited for here.
import init, { start } from './frame.js';

const introduction = new Promise((resolve) => {
  addEventListener('message', (event) => {
    if (event.source === parent && event.ports.length === 1) resolve(event);
  });
});
await init({ module_or_path: new URL('frame_bg.wasm', import.meta.url) });
start(introduction);
