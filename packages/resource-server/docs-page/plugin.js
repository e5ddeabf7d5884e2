/*
  What of Swagger UI is ours: the dialog in which the reader picks scopes and signs in, and a few parts of operations.
  Class names and the words on buttons are Swagger UI's, so that whoever knows it, person or script, finds the way.
*/

import { executeInPlace, operationAccess } from './operation-access.js';
import {
  foldedCurl,
  foldedResponses,
  groupOfTheRest,
  namedExamples,
  namedTextArea,
  pathWithNeeds,
  serversToChoose,
} from './operation-parts.js';
import { signInDialog } from './sign-in-dialog.js';
import { signInLifetime } from './sign-in-lifetime.js';
import { signInPanel } from './sign-in-panel.js';
import { authorizeButton, signInState } from './sign-in-state.js';

/** A plugin as Swagger UI takes it. */
export function docsPagePlugin(settings) {
  return ({ React }) => {
    const h = React.createElement;
    const Panel = signInPanel(React, settings);
    const access = operationAccess(React);
    return {
      statePlugins: signInLifetime(),
      components: {
        authorizationPopup: signInDialog(React),
        authorizeBtn: authorizeButton(h),
        authorizeOperationBtn: access.padlock,
        SignInState: signInState(h),
        // A link inside of a button is neither. The address follows all the same.
        DeepLink: ({ text }) => h('span', null, text),
      },
      wrapComponents: {
        // Other flows are none of ours.
        oauth2: (Original) =>
          function OAuth2(props) {
            return h(props.schema.get('flow') === 'authorizationCode' ? Panel : Original, props);
          },
        ExamplesSelect: namedExamples(React),
        OperationSummary: access.summary,
        OperationSummaryPath: pathWithNeeds(React),
        OperationTag: groupOfTheRest(React),
        ServersContainer: serversToChoose(React),
        TextArea: namedTextArea(React),
        curl: foldedCurl(React),
        execute: executeInPlace(React),
        responses: foldedResponses(React),
      },
    };
  };
}
