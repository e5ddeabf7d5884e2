import type { PresentedExchange } from '../presented-exchange.ts';

/** What is drawn below one another: an exchange, or several that belong together in one box. */
export type Row =
  | { readonly kind: 'exchange'; readonly exchange: PresentedExchange }
  | { readonly kind: 'pages'; readonly exchanges: readonly PresentedExchange[] };

/** The pages of signing in and consent are many messages and one step. */
export function rowsOf(exchanges: readonly PresentedExchange[]): readonly Row[] {
  const rows: Row[] = [];
  for (const exchange of exchanges) {
    const last = rows.at(-1);
    if (exchange.step !== 'sign-in-and-consent') rows.push({ kind: 'exchange', exchange });
    else if (last?.kind === 'pages') rows[rows.length - 1] = { ...last, exchanges: [...last.exchanges, exchange] };
    else rows.push({ kind: 'pages', exchanges: [exchange] });
  }
  return rows;
}

/** Figure 6.1 of many a book: what will come, before anything has passed. */
export const expected: readonly (readonly [from: Lane, to: Lane, label: string, carries: string])[] = [
  ['browser', 'client', 'Sign in', ''],
  ['browser', 'authorization-server', 'Redirect', 'client_id, redirect_uri, scope, state'],
  ['authorization-server', 'browser', 'Sign-in and consent', ''],
  ['browser', 'client', 'Redirect back', 'code, state'],
  ['client', 'authorization-server', 'Exchange', 'code, code_verifier'],
  ['authorization-server', 'client', 'Tokens', 'access_token, refresh_token, id_token'],
  ['client', 'browser', 'Session', 'a cookie, and no token'],
  ['client', 'api', 'Call', 'access_token'],
  ['api', 'client', 'Protected resource', ''],
];

export type Lane = PresentedExchange['from'];
