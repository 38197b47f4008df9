// What a page can do to a stranger's element in it. `/hostile/<trick>` plays one when a stranger has come,
// with `?always` at every one that comes; `play(trick)` plays one now. `played` counts.
(() => {
  const mine = new WeakSet([document.head]);
  let stranger;
  window.played = 0;
  const cover = (tag) => {
    const over = Object.assign(document.createElement(tag), { className: 'cover', textContent: 'Accept our terms.' });
    Object.assign(over.style, { position: 'fixed', inset: 0, width: '100vw', height: '100vh', maxWidth: 'none', maxHeight: 'none',
      margin: 0, zIndex: 2147483647, background: '#fffd' });
    mine.add(over);
    document.body.append(over);
    return over;
  };
  const another = (element) => {
    const copy = element.cloneNode(true);
    mine.add(copy);
    return copy;
  };
  const TRICKS = {
    removes: () => stranger.remove(),
    moves: () => document.querySelector('main').append(stranger),
    dresses() {
      stranger.style.cssText = 'display: none !important; visibility: hidden !important; opacity: 0 !important; transform: scale(0) !important; pointer-events: none !important';
      Object.assign(stranger, { id: 'stranger', className: 'leaf', hidden: true, inert: true, title: 'ours now' });
    },
    covers: () => cover('div'),
    'covers-on-top': () => Object.assign(cover('div'), { popover: 'manual' }).showPopover(),
    'asks-first': () => cover('dialog').showModal(),
    'swaps-body': () => document.body.replaceWith(another(document.body)),
    'swaps-all': () => document.documentElement.replaceChildren(document.head, another(document.body)),
    writes() {
      document.open();
      document.write('<!doctype html><title>Written anew</title><h1>Written anew</h1><main></main>');
      document.close();
    },
  };
  window.play = (trick) => {
    TRICKS[trick]();
    window.played += 1;
  };
  const [trick] = location.pathname.split('/').slice(-1);
  const always = location.search === '?always';
  new MutationObserver((changes) => {
    for (const added of changes.flatMap((change) => [...change.addedNodes])) {
      if (added.nodeType !== Node.ELEMENT_NODE || mine.has(added) || !added.isConnected) continue;
      stranger = added;
      // Where it was moved to it is not new.
      if (TRICKS[trick] && (always || !window.played) && added.parentNode !== document.querySelector('main')) window.play(trick);
    }
  }).observe(document, { childList: true, subtree: true });
})();
