import { challenge, silentQuery, verifier } from '../contenders/authorization-request.ts';
import { basicCredentials, type RunningServer, redirectUri } from '../contenders/running-server.ts';
import { formRequest, getRequest, type Params } from '../load/request-text.ts';
import { expectCode, expectJson } from './expected-answers.ts';
import type { Lane } from './scenario.ts';

/** What the scenarios are made of: each asks one thing and insists on its answer. */
export interface Asking {
  /** An authorization that asks nobody. @returns the code */
  authorize(lane: Lane): Promise<string>;
  /** An access token, a refresh token and an ID token for a code. @returns the refresh token */
  exchange(lane: Lane, code: string): Promise<string>;
  /** @returns the next refresh token */
  refresh(lane: Lane, refreshToken: string): Promise<string>;
  introspect(lane: Lane, refreshToken: string): Promise<void>;
}

export function askingOf({ client, host, paths }: RunningServer): Asking {
  const headers = { Authorization: basicCredentials(client), Accept: 'application/json' };
  const form = (path: string, params: Params) => formRequest(host, path, params, headers);
  const silent = `${paths.authorization}?${silentQuery(client.id, challenge)}`;
  const silentRequests = new WeakMap<Lane, string>();

  return {
    async authorize(lane) {
      const request =
        silentRequests.get(lane) ?? getRequest(host, silent, { Accept: 'text/html', Cookie: lane.visitor.cookie });
      silentRequests.set(lane, request);
      return expectCode(await lane.connection.ask(request));
    },
    async exchange({ connection }, code) {
      const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
      const answer = await connection.ask(form(paths.token, grant));
      return String(expectJson(answer, 'access_token', 'refresh_token', 'id_token').refresh_token);
    },
    async refresh({ connection }, refreshToken) {
      const answer = await connection.ask(
        form(paths.token, { grant_type: 'refresh_token', refresh_token: refreshToken }),
      );
      const next = String(expectJson(answer, 'access_token', 'refresh_token').refresh_token);
      if (next === refreshToken) throw new Error('the refresh token was not rotated');
      return next;
    },
    async introspect({ connection }, token) {
      const answer = await connection.ask(form(paths.introspection, { token, token_type_hint: 'refresh_token' }));
      expectJson(answer, 'active', 'sub');
    },
  };
}
