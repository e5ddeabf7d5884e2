/*
  The picture while messages pass: the server says that something has changed, and its page is taken over, so there is one
  rendering. Opens the message of an arrow, keeps open what is open, and counts down. Without this file the page is the same
  whenever it is loaded.
*/

const said = document.createElement('p');
said.className = 'unseen';
said.setAttribute('aria-live', 'polite');
document.body.append(said);

const idsIn = (root) => [...root.querySelectorAll('.flow-wide [data-exchange]')].map((each) => each.dataset.exchange);
let underWay = false;
let wanted = false;

async function lookAgain() {
  wanted = true;
  if (underWay) return;
  underWay = true;
  while (wanted) {
    wanted = false;
    const response = await fetch('/flow', { headers: { Accept: 'text/html' } }).catch(() => undefined);
    if (response?.ok) takeOver(await response.text());
  }
  underWay = false;
}

function takeOver(html) {
  const next = new DOMParser().parseFromString(html, 'text/html');
  const before = new Set(idsIn(document));
  const open = [...document.querySelectorAll('.flow-details[open]')].map((each) => each.dataset.exchange);
  const focused = document.activeElement?.closest?.('[data-exchange], [id]');
  const isAtEnd = innerHeight + scrollY > document.documentElement.scrollHeight - 200;
  for (const id of ['flow-head', 'flow-picture', 'flow-messages'])
    document.getElementById(id).replaceWith(document.adoptNode(next.getElementById(id)));
  document.getElementById('flow').dataset.now = next.getElementById('flow').dataset.now;
  seenAt = performance.now();
  for (const details of document.querySelectorAll('.flow-details'))
    details.open = open.includes(details.dataset.exchange);
  const news = [...document.querySelectorAll('.flow-message')].filter((each) => !before.has(each.dataset.exchange));
  for (const each of news) each.classList.add('flow-arriving');
  const last = news.filter((each) => each.closest('.flow-wide')).at(-1);
  if (last) said.textContent = last.dataset.title;
  if (isAtEnd && open.length === 0) news.at(-1)?.scrollIntoView({ block: 'nearest' });
  if (focused) again(focused)?.focus({ preventScroll: true });
}

/** The same element on the new page. */
function again({ id, dataset: { exchange }, tagName }) {
  if (id) return document.getElementById(id);
  return document.querySelector(`${tagName.toLowerCase()}[data-exchange="${CSS.escape(exchange)}"]`);
}

function openMessage(id) {
  const details = document.querySelector(`details[data-exchange="${CSS.escape(id)}"]`);
  if (!details) return;
  details.open = true;
  document.getElementById(`x-${id}`).focus();
}

document.addEventListener('click', (event) => {
  const arrow = event.target.closest?.('a.flow-message');
  if (!arrow) return;
  event.preventDefault();
  openMessage(arrow.dataset.exchange);
});

/** Arrow keys go from message to message, Escape back to the picture. */
document.addEventListener('keydown', (event) => {
  const arrow = event.target.closest?.('a.flow-message');
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (arrow && step) {
    event.preventDefault();
    const all = [...arrow.closest('svg').querySelectorAll('a.flow-message')];
    all[all.indexOf(arrow) + step]?.focus();
  }
  const details = event.target.closest?.('.flow-details[open]');
  if (event.key === 'Escape' && details) {
    details.open = false;
    const back = [...document.querySelectorAll('a.flow-message')].find(
      (each) => each.dataset.exchange === details.dataset.exchange && each.getClientRects().length > 0,
    );
    (back ?? details.querySelector('summary')).focus();
  }
});

/** The same secret wears the same hash wherever it passes: pointing at one shows all. */
document.addEventListener('pointerover', (event) => {
  const { hash } = event.target.dataset ?? {};
  for (const each of document.querySelectorAll('.flow-secret'))
    each.classList.toggle('flow-same', hash !== undefined && each.dataset.hash === hash);
});

document.addEventListener(
  'submit',
  async (event) => {
    if (!('flow' in event.target.dataset)) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(event.target, event.submitter));
    await fetch(event.target.action, { method: 'POST', body, headers: { 'X-CSRF': '1' } }).catch(() => undefined);
    lookAgain();
  },
  true,
);

let seenAt = performance.now();
setInterval(() => {
  const now = Number(document.getElementById('flow').dataset.now) + performance.now() - seenAt;
  for (const ring of document.querySelectorAll('.flow-ring')) {
    const [starts, ends] = [Number(ring.dataset.starts), Number(ring.dataset.ends)];
    const share = Math.max(0, Math.min(1, (ends - now) / Math.max(1, ends - starts)));
    ring.querySelector('.flow-ring-left').setAttribute('stroke-dasharray', `${Math.round(share * 100)} 100`);
    ring.querySelector('.flow-left').textContent = `${Math.max(0, Math.round((ends - now) / 1000))} s`;
  }
}, 1_000);

const events = new EventSource('/flow/events');
let isFirst = true;
for (const kind of ['exchange', 'cleared'])
  events.addEventListener(kind, () => {
    if (!isFirst) lookAgain();
  });
events.addEventListener('state', () => {
  isFirst = false;
  document.getElementById('flow-lost').hidden = true;
});
events.addEventListener('error', () => {
  document.getElementById('flow-lost').hidden = false;
});
