/* The list by single keys. They do nothing that a button on the page does not do, and nothing while somebody writes. */

const rows = () => [...document.querySelectorAll('#todos .row:not([hidden])')];
const rowInFocus = () => document.activeElement?.closest('#todos .row');

function move(step) {
  const all = rows();
  const at = all.indexOf(rowInFocus());
  const row = at === -1 ? all[step > 0 ? 0 : all.length - 1] : all[at + step];
  row?.querySelector('.tick, a, button')?.focus();
}

const keys = {
  n: () => document.getElementById('title')?.focus(),
  '/': () => document.getElementById('title')?.focus(),
  j: () => move(1),
  ArrowDown: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
  e: () => rowInFocus()?.querySelector('[id^="change-"]')?.click(),
  Delete: () => rowInFocus()?.querySelector('[id^="delete-"]')?.click(),
  '?': () => {
    const help = document.getElementById('keys');
    if (!help) return;
    help.open = !help.open;
    help.querySelector('summary').focus();
  },
};

/** Arrows scroll the page, unless they have begun to go through the list. */
function isForTheList(key) {
  return !key.startsWith('Arrow') || rowInFocus();
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === 'Escape') document.getElementById('edit-cancel')?.click();
  if (event.target.closest('input, textarea, select, [contenteditable]')) return;
  const act = keys[event.key];
  if (!act || !isForTheList(event.key)) return;
  event.preventDefault();
  act();
});
