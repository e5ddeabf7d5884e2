import { type Authorization, type ResourceServer, scopesFor } from '../../index.ts';

/*
 * The app on which every binding is tried, with the same routes in each framework:
 *
 *     GET  /open             no guard; says what authOf throws there
 *     GET  /api/status       any token
 *     GET  /api/me           router: me
 *     GET  /api/me/items     router: me; route: items
 *     GET  /api/me/extra     router: me; route: extra me
 *     GET  /api/me/twice     router: me; route: me, and the same guard once more
 *     POST /api/me/echo      router: me; gives the body back
 *     GET  /api/optional     a token, or none
 *     GET  /api/rooms/:room  extra, where the room is secret
 *
 * with preflights answered before the guards, and 503 for what is thrown. Everything under /api is mounted there, in
 * whatever way the framework mounts.
 */

export const resource = 'https://api.example/api';
export const scopes = { me: 'Know you', items: 'See your items', extra: 'More' };

export interface User {
  readonly name: string;
}

export type SuiteServer = ResourceServer<keyof typeof scopes, User>;

export interface SuiteApp extends AsyncDisposable {
  readonly port: number;
}

/** @param ran is told of every handler that runs */
export type StartSuiteApp = (resourceServer: SuiteServer, ran: () => void) => Promise<SuiteApp>;

/** For /api/rooms/:room. Bindings without a router have no parameters. */
export const roomScopes = scopesFor(['extra'], ({ params, path }) =>
  (params.room ?? path.split('/').at(-1)) === 'secret' ? ['extra'] : [],
);

/** What the guarded routes answer. */
export function seen({ subject, token, requiredScopes, scopeString, user }: Authorization<User>) {
  return { subject, token, requiredScopes, scopeString, user };
}
