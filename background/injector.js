// Runs in the page's own world, where only a function of the package may go: adds RingCentral's adapter.
export function addScript(src) {
  return new Promise((resolve) => {
    const script = document.createElement('script');
    script.onload = () => resolve(true);
    script.onerror = () => resolve(false);
    try {
      script.src = src;
      document.head.append(script);
    } catch {
      resolve(false);
    }
  });
}

// The adapter's own way out.
export function disposeAdapter() {
  globalThis.RCAdapterDispose?.();
  return true;
}
