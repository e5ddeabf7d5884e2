/* What an operation's buttons do for those who cannot see which operation they stand in, or who come by keyboard. */

/** Says to the padlock inside which operation it is in, which Swagger UI does not. */
export function operationAccess({ createContext, createElement: h, useContext }) {
  const OperationName = createContext('');
  return {
    summary: (Original) =>
      function OperationSummary(props) {
        const value = `${props.operationProps.get('method').toUpperCase()} ${props.operationProps.get('path')}`;
        return h(OperationName.Provider, { value }, h(Original, props));
      },

    /** Closed where the token is enough. */
    padlock({ isAuthorized, onClick, getComponent }) {
      const name = useContext(OperationName);
      const icon = getComponent(isAuthorized ? 'LockAuthOperationIcon' : 'UnlockAuthOperationIcon', true);
      return h(
        'button',
        {
          type: 'button',
          className: 'authorization__btn',
          'aria-haspopup': 'dialog',
          'aria-label': `Access to ${name}: ${isAuthorized ? 'granted' : 'not granted yet'}`,
          onClick,
        },
        h(icon, { className: isAuthorized ? 'locked' : 'unlocked' }),
      );
    },
  };
}

/**
 * A button that is disabled while it works loses the focus. This one keeps it, does nothing until the answer is there, and
 * says what that is.
 */
export function executeInPlace({ createElement: h }) {
  return (Original) =>
    function Execute(props) {
      const { disabled: busy, specSelectors, path, method } = props;
      const onClickCapture = (event) => busy && event.stopPropagation();
      const status = busy ? undefined : specSelectors.responseFor(path, method)?.get('status');
      return h(
        'div',
        { className: 'execute-in-place', onClickCapture },
        h(Original, { ...props, disabled: false }),
        h('span', { className: 'unseen', role: 'status' }, status && `Answered with ${status}`),
      );
    };
}
