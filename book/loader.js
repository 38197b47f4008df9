import init, { start } from './book.js';

await init({ module_or_path: new URL('book_bg.wasm', import.meta.url) });
start();
