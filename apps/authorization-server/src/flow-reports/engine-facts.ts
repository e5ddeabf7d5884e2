import type { Context } from 'koa';

/** What the engine knew of a request when it had answered. */
export interface EngineFacts {
  /** The endpoint; undefined where none was matched. */
  readonly route: string | undefined;
  /** Of the answer. */
  readonly status: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly client: { readonly clientAuthMethod: string } | undefined;
  readonly hasProof: boolean;
  readonly isSignedIn: boolean;
  /** Whoever is signed in, as far as they are still there. */
  readonly account: object | undefined;
  /** The code that was given out. */
  readonly code: object | undefined;
}

interface EngineContext {
  readonly route?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly session?: { readonly accountId?: string };
  readonly entities?: Readonly<{
    Client?: { readonly clientAuthMethod: string };
    Account?: object;
    AuthorizationCode?: object;
  }>;
}

export function engineFacts(ctx: Context): EngineFacts {
  const { oidc = {} } = ctx as { readonly oidc?: EngineContext };
  const { route, params = {}, session, entities = {} } = oidc;
  return {
    route,
    status: ctx.status,
    params,
    client: entities.Client,
    hasProof: ctx.get('DPoP') !== '',
    isSignedIn: session?.accountId !== undefined,
    account: entities.Account,
    code: entities.AuthorizationCode,
  };
}
