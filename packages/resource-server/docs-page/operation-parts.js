/* What an operation shows otherwise than Swagger UI has it. Each gets the original, and gives what stands in its place. */

/** Beside the path: the scopes that are needed, all of a group, or all of another. */
export function pathWithNeeds({ createElement: h, Fragment }) {
  return (Original) =>
    function Path(props) {
      const security = props.operationProps.get('security')?.toJS() ?? [];
      const groups = security.map((schemes) => Object.values(schemes).flat()).filter(({ length }) => length > 0);
      const needs = groups.map((scopes) => scopes.join(' + ')).join(' or ');
      const words = h('span', { className: 'unseen' }, ' needs ');
      return h(Fragment, null, h(Original, props), needs && h('span', { className: 'opblock-needs' }, words, needs));
    };
}

/** The answer stands first, not the command that would have brought it as well. */
export function foldedCurl({ createElement: h }) {
  return (Original) =>
    function Curl(props) {
      const summary = h('summary', null, 'The same as a curl command');
      return h('details', { className: 'curl-folded' }, summary, h(Original, props));
    };
}

/** What came stands open, what could come is folded: by itself it is longer than all the rest. */
export function foldedResponses({ createElement: h, Fragment }) {
  return (Original) =>
    function Responses({ tryItOutResponse: response, ...props }) {
      const codes = [...props.responses.keys()].filter((code) => !code.startsWith('x-'));
      const live = () => {
        const heading = h('div', { className: 'opblock-section-header' }, h('h4', null, 'Answer'));
        const answer = h(props.getComponent('liveResponse'), { ...props, response });
        return h(
          'div',
          { className: 'responses-wrapper' },
          heading,
          h('div', { className: 'responses-inner' }, answer),
        );
      };
      const summary = h('summary', null, h('b', null, 'Responses'), ` ${codes.join(', ')}`);
      const documented = h('details', { className: 'responses-folded' }, summary, h(Original, props));
      return h(Fragment, null, response && live(), documented);
    };
}

/** The group of what belongs to no group needs no name, and cannot be folded. */
export function groupOfTheRest({ createElement: h }) {
  return (Original) =>
    function Tag(props) {
      if (props.tag !== 'default') return h(Original, props);
      const heading = h('h3', { className: 'unseen' }, 'Operations');
      return h('div', { className: 'opblock-tag-section is-open' }, heading, props.children);
    };
}

/** For those who do not see what stands over it. */
export function namedTextArea({ createElement: h }) {
  return (Original) =>
    function TextArea(props) {
      return h(Original, { 'aria-label': 'Request body', ...props });
    };
}

/** The same for the choice among examples. */
export function namedExamples({ createElement: h }) {
  return (Original) =>
    function Examples(props) {
      return h('label', null, h('span', { className: 'unseen' }, 'Example'), h(Original, props));
    };
}

/** A choice of one is none. */
export function serversToChoose({ createElement: h }) {
  return (Original) =>
    function Servers(props) {
      return props.specSelectors.servers()?.size > 1 ? h(Original, props) : null;
    };
}
