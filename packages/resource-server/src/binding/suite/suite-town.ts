import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createResourceServer } from '../../index.ts';
import { createTestIssuer, type InProcessIssuer } from '../../testing/index.ts';
import { resource, type StartSuiteApp, type SuiteApp, type SuiteServer, scopes, type User } from './suite-app.ts';

/** One binding's app, its issuer, and what happened to them in the test at hand. */
export interface SuiteTown {
  readonly issuer: InProcessIssuer;
  readonly resourceServer: SuiteServer;
  readonly port: number;
  /** How many handlers have run. */
  ran(): number;
  /** How many tokens were verified. */
  verified(): number;
  ask(path: string, headers?: Record<string, string>, init?: RequestInit): Promise<Response>;
  /** With a token that has these scopes. */
  askWith(path: string, scope: string): Promise<Response>;
}

/** Started before the first test of the block that it is called in, and stopped after the last. */
export function startSuiteTown(start: StartSuiteApp): SuiteTown {
  let issuer: InProcessIssuer;
  let resourceServer: SuiteServer;
  let app: SuiteApp;
  let ran = 0;
  let verified = 0;

  beforeAll(async () => {
    issuer = await createTestIssuer({ audience: resource, scopes: Object.keys(scopes) });
    resourceServer = createResourceServer({
      resource,
      realm: 'test',
      scopes,
      ...issuer.options,
      accept() {
        verified += 1;
        return true;
      },
      loadUser({ subject }): User | undefined {
        if (subject === 'breaking') throw new Error('the database is away');
        return subject === 'nobody' ? undefined : { name: subject };
      },
    });
    app = await start(resourceServer, () => {
      ran += 1;
    });
  });
  beforeEach(() => {
    ran = 0;
    verified = 0;
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const ask: SuiteTown['ask'] = (path, headers = {}, init = {}) =>
    fetch(`http://127.0.0.1:${app.port}${path}`, { ...init, headers });
  return {
    get issuer() {
      return issuer;
    },
    get resourceServer() {
      return resourceServer;
    },
    get port() {
      return app.port;
    },
    ran: () => ran,
    verified: () => verified,
    ask,
    askWith: async (path, scope) => ask(path, await issuer.bearer(scope)),
  };
}

export function challenge(response: Response): string | null {
  return response.headers.get('www-authenticate');
}

/** The scopes that the challenge names. */
export function challenged(response: Response): string | undefined {
  return /scope="([^"]*)"/.exec(challenge(response) ?? '')?.[1];
}
