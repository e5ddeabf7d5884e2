/* What a token is good for, and until when. */

/** RFC 6749, section 5.1: where nothing is said, all was granted that was asked for. */
export function grantedOf({ scope, asked = [] }) {
  return typeof scope === 'string' ? scope.split(' ').filter(Boolean) : asked;
}

export function grantedScopes(h) {
  return function GrantedScopes({ token }) {
    const { asked = [], expires_in: lifetime, received } = token;
    const granted = grantedOf(token);
    const refused = asked.filter((each) => !granted.includes(each));
    const until = Number.isFinite(lifetime) && new Date(received + lifetime * 1000);
    return h(
      'div',
      { role: 'status' },
      h(
        'p',
        null,
        h('b', null, 'You are signed in'),
        until ? ` until ${until.toLocaleTimeString([], { timeStyle: 'short' })}.` : '.',
      ),
      granted.length > 0
        ? h('ul', { className: 'granted' }, ...granted.map((each) => h('li', { key: each }, each)))
        : h('p', null, 'Your token carries no scope: operations that need one will say so.'),
      refused.length > 0 && h('p', { className: 'sign-in-note' }, `Not granted: ${refused.join(', ')}`),
    );
  };
}
