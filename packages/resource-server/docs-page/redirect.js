/*
  Where the authorization server sends the window back to. Hands the answer to the page that waits for it, on this origin
  only, and closes. Nobody waits when the page was closed meanwhile, or when the answer is not one to its question.
*/

const patience = 3_000; // milliseconds until it says that no page has taken the answer

const { channelName } = JSON.parse(document.querySelector('[data-settings]').dataset.settings);
const answer = Object.fromEntries(new URLSearchParams(location.search));
// The code is spent at once, but has no business in the history either.
history.replaceState(null, '', location.pathname);

const channel = new BroadcastChannel(channelName);
const say = (part) => {
  for (const each of document.querySelectorAll('[data-part]')) each.hidden = each.dataset.part !== part;
};

const giveUp = setTimeout(() => say('nobody'), patience);
channel.addEventListener('message', ({ data }) => {
  if (typeof answer.state !== 'string' || data?.taken !== answer.state) return;
  clearTimeout(giveUp);
  channel.close();
  say('done');
  window.close();
});
channel.postMessage({ answer });
