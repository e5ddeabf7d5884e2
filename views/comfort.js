/*
  Comfort only: every page works without this file.
  Shows a password, tells that Caps Lock is on, makes a second press of a button harmless while the first is under way,
  takes the focus to what went wrong, puts times into the person's own zone, and presses Continue on pages in between.
*/

const patience = 300; // milliseconds until a button says that it is working: quick answers do not flicker
const retryAfter = 10_000; // milliseconds after which a form may be sent again, should no new page have come

function revealPasswords() {
  for (const button of document.querySelectorAll('[data-reveal]')) {
    const input = document.getElementById(button.dataset.reveal);
    const [word] = button.childNodes;
    const show = (shown) => {
      input.type = shown ? 'text' : 'password';
      word.data = shown ? 'Hide' : 'Show';
    };
    button.addEventListener('click', () => {
      show(input.type === 'password');
      input.focus();
    });
    // A password manager must find a password field when the form goes.
    input.form?.addEventListener('submit', () => show(false));
    button.hidden = false;
  }
}

function hintCapsLock() {
  for (const hint of document.querySelectorAll('[data-caps-lock]')) {
    const input = document.getElementById(hint.dataset.capsLock);
    const tell = (event) => {
      const on = event.getModifierState?.('CapsLock') === true;
      const words = on ? 'Caps Lock is on' : '';
      if (hint.textContent !== words) hint.textContent = words;
    };
    for (const kind of ['keydown', 'keyup', 'mousedown']) input.addEventListener(kind, tell);
    input.addEventListener('blur', () => {
      hint.textContent = '';
    });
  }
}

let underWay;

function release() {
  if (!underWay) return;
  const { form, button, words, timers } = underWay;
  underWay = undefined;
  for (const timer of timers) clearTimeout(timer);
  delete form.dataset.busy;
  if (!button) return;
  button.removeAttribute('aria-busy');
  if (words !== undefined) button.textContent = words;
}

function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute('method') !== 'post') return;
  if (underWay) {
    event.preventDefault();
    return;
  }
  const button = event.submitter;
  form.dataset.busy = '';
  button?.setAttribute('aria-busy', 'true');
  underWay = { form, button, words: undefined, timers: [setTimeout(release, retryAfter)] };
  const working = button?.dataset.working;
  if (!working) return;
  const { timers } = underWay;
  timers.push(
    setTimeout(() => {
      underWay.words = button.textContent;
      button.textContent = working;
    }, patience),
  );
}

function focusOnWhatWentWrong() {
  if (document.querySelector('[autofocus]')) return;
  const summary = document.querySelector('[role="alert"]');
  if (!summary) return;
  summary.tabIndex = -1;
  summary.focus();
}

/** `<time datetime data-format="date | moment">`; where a title stands, the words stay and the title is exact. */
function localTimes() {
  const { lang } = document.documentElement;
  // Some systems report tags such as `en-US@posix`, which Intl refuses.
  const fits = (language) => language.startsWith(lang) && /^[a-z\d-]+$/i.test(language);
  const languages = [...navigator.languages.filter(fits), lang];
  for (const element of document.querySelectorAll('time[data-format]')) {
    const date = new Date(element.dateTime);
    const style = element.dataset.format === 'date' ? { dateStyle: 'long' } : { dateStyle: 'long', timeStyle: 'short' };
    const words = new Intl.DateTimeFormat(languages, style).format(date);
    if (element.title) element.title = words;
    else element.textContent = words;
  }
}

function sendOn() {
  document.querySelector('form[data-auto-submit]')?.requestSubmit();
}

document.addEventListener('submit', sendOnce);
// The page may come back out of the back/forward cache just as it was left.
window.addEventListener('pageshow', release);
revealPasswords();
hintCapsLock();
focusOnWhatWentWrong();
localTimes();
sendOn();
