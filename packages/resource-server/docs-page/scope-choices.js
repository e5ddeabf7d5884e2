/* The API's scopes, each with what it allows, to be ticked. */

export function scopeChoices(h) {
  return function ScopeChoices({ name, scopes, picked, onPick }) {
    if (!scopes?.size) return null;
    const all = [...scopes.keys()];
    const toggle = (scope) => onPick(all.filter((each) => (each === scope) !== picked.includes(each)));
    return h(
      'fieldset',
      { className: 'scopes' },
      h('legend', null, 'What may this page do for you?'),
      ...all.map((scope) => {
        const id = `${scope}-authorizationCode-checkbox-${name}`;
        return h(
          'div',
          { key: scope, className: 'checkbox' },
          h('input', {
            id,
            type: 'checkbox',
            'data-value': scope,
            checked: picked.includes(scope),
            onChange: () => toggle(scope),
          }),
          h(
            'label',
            { htmlFor: id },
            h('span', { className: 'name' }, scope),
            h('span', { className: 'description' }, scopes.get(scope)),
          ),
        );
      }),
      h(
        'p',
        { className: 'scopes-some' },
        h('button', { type: 'button', onClick: () => onPick(all) }, 'select all'),
        h('button', { type: 'button', onClick: () => onPick([]) }, 'select none'),
      ),
    );
  };
}
