import init, { start } from './popup.js';

await init({ module_or_path: new URL('popup_bg.wasm', import.meta.url) });
start();
