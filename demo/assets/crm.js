// Soft navigation, as single-page CRMs do it: the address changes, the document stays, <main> is another one.
const load = (url, done) => {
  const request = new XMLHttpRequest();
  request.open('GET', url);
  request.responseType = 'document';
  request.onload = () => {
    document.querySelector('main').replaceWith(request.response.querySelector('main'));
    document.title = request.response.title;
    done?.();
  };
  request.send();
};
addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="/"]');
  if (!link || !location.pathname.includes('/app/')) return;
  event.preventDefault();
  load(link.href, () => scrollTo(0, 0));
  history.pushState(null, '', link.href);
});
addEventListener('popstate', () => load(location.href));
