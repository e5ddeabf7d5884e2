import { getRequest } from '../load/request-text.ts';
import { expectDocument } from './expected-answers.ts';
import type { Scenario } from './scenario.ts';

export const discovery: Scenario = documentScenario('discovery', 'Discovery', 'token_endpoint', 3);
export const jwks: Scenario = documentScenario('jwks', 'Keys', 'keys');

function documentScenario(name: 'discovery' | 'jwks', title: string, member: string, aim?: number): Scenario {
  return {
    name,
    title,
    ...(aim === undefined ? {} : { aim }),
    async prepare({ server: { host, paths } }) {
      const request = getRequest(host, paths[name], { Accept: 'application/json' });
      const expectSame = expectDocument(member);
      return async ({ connection }) => {
        expectSame(await connection.ask(request));
        return true;
      };
    },
  };
}
