// Starts the page agent: as wasm, or, where the page's policy refuses wasm, as the same code translated to JavaScript.
(async () => {
  const at = (file) => chrome.runtime.getURL(`content/${file}`);
  let core = globalThis.wasm_bindgen;
  let translated = false;
  try {
    await core({ module_or_path: at('content_bg.wasm') });
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    core = (await import(at('fallback.js'))).default;
    translated = true;
  }
  core.start(translated);
})();
