/*
  The list without waiting: a form of the list is sent in the background, what it does is shown at once, and what the server
  answers takes its place, be it the new list or the page that says why not. There is one rendering and one wording, the
  server's. Without this file the same forms do the same.
*/

const said = document.createElement('p');
said.className = 'unseen';
said.setAttribute('aria-live', 'polite');
document.body.append(said);

const otherTabs = new BroadcastChannel('todos');
let underWay = 0;
let neighbour; // The row beside the one that is being deleted: there the keyboard goes on.
let answered = 0; // Since nothing was under way.
let undoAt; // The address at which what was deleted can be brought back.
let changes = 0; // How often something was carried out.
let opening = 0; // Views of the list that are being fetched.
let refusal; // An answer that says no is shown, even if others say yes meanwhile.

/** What is seen before the answer is there, and how to take it back. */
const foresights = {
  add(form) {
    const field = form.elements.title;
    const title = field.value.trim();
    const list = document.getElementById('todos');
    if (title === '' || !list) return undefined;
    const row = document.createElement('li');
    row.className = 'row row-pending';
    const words = document.createElement('span');
    words.className = 'row-text';
    words.dir = 'auto';
    words.textContent = title;
    row.append(words);
    list.prepend(row);
    field.value = '';
    // NOTE: what is written next is another todo, and not the same form sent twice.
    const { form_id: formId } = form.elements;
    const sentAs = formId.value;
    formId.value = crypto.randomUUID();
    return () => {
      row.remove();
      if (field.value !== '') return;
      field.value = title;
      formId.value = sentAs;
    };
  },
  complete(form) {
    const row = form.closest('.row');
    const button = form.querySelector('button');
    const isDone = form.elements.completed.value === 'true';
    const show = (done) => {
      row.classList.toggle('row-done', done);
      button.setAttribute('aria-pressed', String(done));
    };
    show(isDone);
    row.classList.add('row-pending');
    return () => {
      show(!isDone);
      row.classList.remove('row-pending');
    };
  },
  edit(form) {
    const row = form.closest('.row');
    row.classList.add('row-pending');
    return () => row.classList.remove('row-pending');
  },
  delete(form) {
    // NOTE: it stays where it is until the answer comes: a second press must not meet the next row's button.
    const row = form.closest('.row');
    neighbour = (row.nextElementSibling ?? row.previousElementSibling)?.dataset.todo;
    row.classList.add('row-pending', 'row-done');
    row.inert = true;
    return () => {
      row.classList.remove('row-pending');
      row.classList.toggle('row-done', form.elements.completed.value === 'true');
      row.inert = false;
    };
  },
};

/** What a screen reader hears when it went well. */
const outcomes = { add: 'Added', edit: 'Saved', delete: 'Deleted', undo: 'Brought back', renew: 'Renewed' };

async function send(form, kind) {
  const body = new URLSearchParams(new FormData(form));
  if (kind === 'add' && underWay > 0 && body.get('title').trim() === '') return; // Pressed twice.
  const takeBack = foresights[kind]?.(form);
  underWay += 1;
  let answer;
  try {
    const response = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' } });
    answer = { ok: response.ok, url: response.url, html: await response.text(), takeBack };
    if (!answer.ok) refusal = answer;
  } catch {
    takeBack?.();
    showOffline(form);
  } finally {
    underWay -= 1;
  }
  if (!answer) return;
  if (answer.ok && kind in outcomes) said.textContent = outcomes[kind];
  if (answer.ok) otherTabs.postMessage('changed');
  if (new URL(answer.url).searchParams.has('undo')) undoAt = answer.url;
  answered += 1;
  changes += 1;
  if (underWay > 0 || (answer.ok && opening > 0)) return;
  // Somebody has begun to write meanwhile: their words stay where they are, and the list follows when they are done.
  if (!refusal && kind !== 'edit' && document.getElementById('edit-title')) return settle(form, kind);
  const shown = refusal ?? (answered > 1 ? await freshAnswer(undoAt ?? answer.url) : answer);
  [refusal, answered, undoAt] = [undefined, 0, undefined];
  if (!shown || underWay > 0) return;
  show(shown.html, whereWorkGoesOn(form, kind));
  if (shown.ok) history.replaceState(null, '', withoutUndo(shown.url));
}

/** What was seen beforehand has come true. */
function settle(form, kind) {
  for (const row of document.querySelectorAll('.row-pending')) row.classList.remove('row-pending');
  if (kind === 'delete') form.closest('.row').remove();
  [answered, undoAt] = [0, undefined];
}

/** Of several that were under way at once, the last to be answered need not be the last that was carried out. */
async function freshAnswer(address) {
  const response = await fetch(address, { headers: { Accept: 'text/html' } }).catch(() => undefined);
  return response && { ok: response.ok, url: response.url, html: await response.text() };
}

/** The id of what takes the focus, should that which had it be gone. */
function whereWorkGoesOn(form, kind) {
  if (kind === 'edit') return `change-${form.closest('.row').dataset.todo}`;
  return (kind !== 'add' && form.querySelector('button')?.id) || 'title';
}

function withoutUndo(address) {
  const url = new URL(address);
  url.searchParams.delete('undo');
  url.searchParams.delete('notice');
  return url;
}

/** Puts another page of this app in the place of this one, and the focus where it was, or where work goes on. */
function show(html, otherwise) {
  const next = new DOMParser().parseFromString(html, 'text/html');
  const { id: focused, value: typing } = document.activeElement;
  document.title = next.title;
  document.body.replaceWith(document.adoptNode(next.body));
  document.body.append(said);
  for (const time of document.querySelectorAll('time[data-format]')) time.textContent = localMoment(time.dateTime);
  const problem = document.querySelector('[role="alert"]');
  const editing = document.getElementById('edit-title');
  const row = document.querySelector(`[data-todo="${CSS.escape(neighbour ?? '')}"]`);
  neighbour = undefined;
  const target = editing ?? problem ?? document.getElementById(focused) ?? row ?? document.getElementById(otherwise);
  // NOTE: a row and not its button, which a key that is pressed once too often would press.
  if (target && (target === problem || target === row)) target.tabIndex = -1;
  target?.focus();
  if (focused === 'title' && typing && target?.id === 'title' && target.value === '') target.value = typing;
  if (editing) editing.select();
}

function localMoment(moment) {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(moment));
}

/** Nothing came back: what was meant is still there, to be tried again. */
function showOffline(form) {
  document.getElementById('todo-offline')?.remove();
  const notice = document.createElement('div');
  notice.className = 'notice notice-error';
  notice.id = 'todo-offline';
  notice.setAttribute('role', 'alert');
  const words = document.createElement('p');
  words.textContent = 'Nobody answers just now, so nothing was changed. What you see is what was there before.';
  const button = document.createElement('button');
  button.className = 'button';
  button.type = 'button';
  button.textContent = 'Try again';
  button.addEventListener('click', () => {
    notice.remove();
    form.requestSubmit();
  });
  notice.append(words, button);
  document.querySelector('h1').after(notice);
  button.focus();
}

/** Fetches a view of the list, as it is after all that was carried out meanwhile. Where that does not work the address is still a link. */
async function open(address, push) {
  opening += 1;
  let view;
  let seen;
  try {
    do {
      seen = changes;
      const response = await fetch(address, { headers: { Accept: 'text/html' } });
      view = { url: response.url, html: await response.text() };
    } while (seen !== changes);
  } finally {
    opening -= 1;
  }
  if (push) history.pushState(null, '', view.url);
  show(view.html, 'edit-title');
}

/** Somebody else has changed the list, or time has passed: look again, unless something is being written here. */
async function lookAgain() {
  if (underWay > 0 || opening > 0 || document.getElementById('edit-title') || !document.getElementById('title')) return;
  const response = await fetch(location.href, { headers: { Accept: 'text/html' } }).catch(() => undefined);
  if (response?.ok && underWay === 0) show(await response.text());
}

const doublePress = 500; // milliseconds in which a button that is pressed again was meant once
let lastPress = { id: '', at: 0 };

/** The answer may be there before the second press is, and then the button would do the opposite. */
function isSecondPress({ submitter, timeStamp }, kind) {
  if (!['complete', 'delete'].includes(kind) || !submitter?.id) return false;
  const isSecond = submitter.id === lastPress.id && timeStamp - lastPress.at < doublePress;
  lastPress = { id: submitter.id, at: timeStamp };
  return isSecond;
}

function takeOver(event) {
  const kind = event.target.dataset.live;
  if (!kind || event.defaultPrevented) return;
  event.preventDefault();
  if (isSecondPress(event, kind)) return;
  send(event.target, kind);
}

// NOTE: on the way down, before whatever else looks after forms.
document.addEventListener('submit', takeOver, true);

/** The second press of a double click is none: what lies under it may have changed with the first. */
document.addEventListener(
  'click',
  (event) => {
    if (event.detail > 1 && event.target.closest?.('#todos button, #todos a')) event.preventDefault();
  },
  true,
);

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[data-live-link]');
  if (
    !link ||
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  )
    return;
  event.preventDefault();
  open(link.href, true).catch(() => location.assign(link.href));
});

window.addEventListener('popstate', () => open(location.href, false).catch(() => location.reload()));
otherTabs.addEventListener('message', lookAgain);
let awaySince;
document.addEventListener('visibilitychange', () => {
  if (document.hidden) awaySince = Date.now();
  else if (awaySince && Date.now() - awaySince > 10_000) lookAgain();
});
