/*
  A dialog of the browser's own: the rest of the page rests, Escape closes it, and the focus returns to where it was. It
  begins at the heading, so that what it is about comes before what closes it.
*/

export function signInDialog({ createElement: h, useEffect, useRef }) {
  return function SignInDialog({ authSelectors, authActions, errSelectors, specSelectors, getComponent, fn }) {
    const dialog = useRef(null);
    const title = useRef(null);
    const close = () => authActions.showDefinitions(false);
    useEffect(() => {
      const { activeElement } = document;
      dialog.current.showModal();
      title.current.focus();
      return () => activeElement?.focus();
    }, []);

    const Auths = getComponent('auths');
    const definitions = authSelectors.shownDefinitions();
    return h(
      'dialog',
      { ref: dialog, className: 'dialog-ux', 'aria-labelledby': 'sign-in-title', onClose: close },
      h(
        'div',
        { className: 'modal-ux' },
        h(
          'div',
          { className: 'modal-ux-header' },
          h('h2', { id: 'sign-in-title', ref: title, tabIndex: -1 }, 'Access to this API'),
          h(
            'button',
            { type: 'button', className: 'close-modal', 'aria-label': 'Close this dialog', onClick: close },
            h(getComponent('CloseIcon')),
          ),
        ),
        h(
          'div',
          { className: 'modal-ux-content' },
          ...definitions.valueSeq().map((each) =>
            h(Auths, {
              AST: fn.AST ?? {},
              definitions: each,
              getComponent,
              errSelectors,
              authSelectors,
              authActions,
              specSelectors,
            }),
          ),
        ),
      ),
    );
  };
}
