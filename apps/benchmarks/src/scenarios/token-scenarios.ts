import { apiScope, basicCredentials } from '../contenders/running-server.ts';
import { runLanes } from '../load/measurement.ts';
import { formRequest } from '../load/request-text.ts';
import { askingOf } from './asking.ts';
import { expectJson } from './expected-answers.ts';
import type { Scenario } from './scenario.ts';

export const clientCredentials: Scenario = {
  name: 'client_credentials',
  title: 'Client credentials',
  aim: 1.3,
  async prepare({ server: { client, host, paths } }) {
    const params = { grant_type: 'client_credentials', scope: apiScope };
    const request = formRequest(host, paths.token, params, { Authorization: basicCredentials(client) });
    return async ({ connection }) => {
      expectJson(await connection.ask(request), 'access_token');
      return true;
    };
  },
};

/** Each lane follows its own line: what an answer brings is used for the next request. */
export const refresh: Scenario = {
  name: 'refresh',
  title: 'Refresh with rotation',
  aim: 1,
  async prepare({ server }) {
    const asking = askingOf(server);
    return async (lane) => {
      lane.visitor.refreshToken = await asking.refresh(lane, lane.visitor.refreshToken);
      return true;
    };
  },
};

/** The codes are there before the clock starts; when they are used up before its end, that is the end. */
export const codeExchange: Scenario = {
  name: 'code_exchange',
  title: 'Code exchange',
  aim: 1,
  async prepare({ server, lanes, seconds }) {
    const asking = askingOf(server);
    const codes: string[] = [];
    const prepared = await runLanes(lanes, async (lane) => codes.push(await asking.authorize(lane)) > 0, seconds);
    if (prepared.errors.length > 0) throw prepared.errors[0];
    return async (lane) => {
      const code = codes.pop();
      if (code === undefined) return false;
      await asking.exchange(lane, code);
      return true;
    };
  },
};

export const introspection: Scenario = {
  name: 'introspection',
  title: 'Introspection',
  async prepare({ server }) {
    const asking = askingOf(server);
    return async (lane) => {
      await asking.introspect(lane, lane.visitor.refreshToken);
      return true;
    };
  },
};
