// A page that knows of `RCAdapter`: each button calls the method it names, and what comes back stands beside it.
const call = async (method, values, said) => {
  try {
    said.textContent = JSON.stringify((await window.RCAdapter[method](...values)) ?? null);
  } catch (error) {
    said.textContent = `refused: ${error?.message}`;
  }
};
addEventListener('click', ({ target }) => {
  const button = target.closest('button[data-method]');
  if (button) call(button.id, JSON.parse(button.dataset.values), document.getElementById(`${button.id}-said`));
});
// And one that nobody asked for, as soon as there is somebody to ask.
const unasked = () => {
  if (!window.RCAdapter) return setTimeout(unasked, 50);
  return call('clickToCall', ['+493023125014', true], document.getElementById('unasked'));
};
unasked();
