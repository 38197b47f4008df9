// The page is a pipe: its parent's messages and the user's hands to the server, the server's words and HTML back.
const ID = `${new URLSearchParams(location.search).get('prefix') ?? ''}partition`;
if (!localStorage.getItem(ID)) localStorage.setItem(ID, crypto.randomUUID());
const socket = new WebSocket(`wss://${location.host}/socket`);
const say = (line) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(line));
socket.onopen = () => say({ hello: {
  partition: localStorage.getItem(ID), embedded: parent !== window, secure: isSecureContext,
  language: navigator.language, query: location.search, visible: document.visibilityState === 'visible',
  ancestors: [...(location.ancestorOrigins ?? [])], offset: -new Date().getTimezoneOffset(),
  microphone: document.featurePolicy?.allowsFeature('microphone'),
} });
socket.onmessage = ({ data }) => {
  const { id, post, html } = JSON.parse(data);
  if (id) document.documentElement.dataset.widget = id;
  if (post) parent.postMessage(post, '*');
  for (const [id, inner] of Object.entries(html ?? {})) document.getElementById(id)?.replaceChildren(
    document.createRange().createContextualFragment(inner));
};
const act = (event) => {
  const it = event.target.closest('[data-do]');
  if (it && (event.type === 'click') !== it.matches('input, textarea, select'))
    say({ do: it.dataset.do, id: it.dataset.id, value: it.value });
};
for (const kind of ['click', 'input']) addEventListener(kind, act);
addEventListener('message', ({ data }) => say({ message: data }));
for (const kind of ['focus', 'visibilitychange']) addEventListener(kind, () => say({ visible: !document.hidden }), true);
