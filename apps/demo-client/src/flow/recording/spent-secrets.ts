import type { Exchange } from '@latchkey/flow-reports';
import { hashOf } from '../presenting/secret-values.ts';

/** A secret that has passed, and whether whoever holds it could still do anything with it. */
export type SeenSecret =
  | { readonly spent: true; readonly value: string }
  /** When it could be shown, in words. */
  | { readonly spent: false; readonly until: string };

/**
 * What of a picture may be shown in full, by the first eight hex digits of its SHA-256. Decided by what has passed:
 *
 * - a code and its verifier, once the code was swapped for tokens;
 * - an access token, a minute after it has run out;
 * - a refresh token, once it was revoked or refused, or was replaced and its successor has been used (until then it may be
 *   presented again, in the time of grace), or was replaced longer ago than any grace lasts.
 *
 * Everything else is not in it: nobody gets to see an ID token (it is good as a hint for as long as it exists), the client's
 * secret, cookies, or what is typed.
 *
 * @param now epoch milliseconds, by the clock of the apps
 */
export function seenSecrets(exchanges: readonly Exchange[], now: number): ReadonlyMap<string, SeenSecret> {
  const found = new Map<string, SeenSecret>();
  const note = (value: string | null, spent: boolean, until: string) => {
    if (value === null) return;
    if (spent) found.set(hashOf(value), { spent, value });
    else if (!found.get(hashOf(value))?.spent) found.set(hashOf(value), { spent, until });
  };
  const requests = exchanges.flatMap(tokenRequestIn);
  for (const { form, succeeded, tokens, answeredAt } of requests) {
    note(form.get('code'), succeeded, 'once the client has swapped it for tokens');
    note(form.get('code_verifier'), succeeded, 'once the code that belongs to it was swapped for tokens');
    if (tokens.access_token !== undefined) {
      const over = answeredAt + (tokens.expires_in ?? Number.POSITIVE_INFINITY) * 1_000 + toleranceMs;
      note(tokens.access_token, now > over, 'a minute after it has run out');
    }
  }
  const isSpent = spentRefreshTokens(requests, exchanges.flatMap(revokedIn), now);
  const refreshTokens = requests.flatMap(({ form, tokens }) => [
    form.get('refresh_token'),
    tokens.refresh_token ?? null,
  ]);
  for (const token of refreshTokens)
    if (token !== null)
      note(token, isSpent(token), 'once it was replaced and its successor was used, or it was revoked');
  return found;
}

/** For clocks that differ. */
const toleranceMs = 60_000;
/** The longest time of grace that the authorization server can be set to. */
const graceMs = 600_000;

interface TokenRequest {
  readonly form: URLSearchParams;
  readonly succeeded: boolean;
  /** The token itself was refused: RFC 6749, section 5.2. */
  readonly refused: boolean;
  readonly answeredAt: number;
  readonly tokens: Tokens;
}

interface Tokens {
  readonly access_token?: string;
  readonly refresh_token?: string;
  /** Seconds. */
  readonly expires_in?: number;
}

function spentRefreshTokens(requests: readonly TokenRequest[], revoked: readonly string[], now: number) {
  const dead = new Set(revoked);
  const used = new Set<string>();
  const successors = new Map<string, { readonly token: string; readonly at: number }>();
  for (const { form, succeeded, refused, tokens, answeredAt } of requests) {
    const token = form.get('refresh_token');
    if (token === null) continue;
    if (refused) dead.add(token);
    if (!succeeded) continue;
    used.add(token);
    const { refresh_token: next } = tokens;
    if (next !== undefined && next !== token) successors.set(token, { token: next, at: answeredAt });
  }
  return (token: string): boolean => {
    const successor = successors.get(token);
    if (dead.has(token)) return true;
    if (!successor) return false;
    return used.has(successor.token) || dead.has(successor.token) || now > successor.at + graceMs;
  };
}

function tokenRequestIn({ to, request, answer, startedAt, tookMs = 0 }: Exchange): TokenRequest[] {
  if (to !== 'authorization-server' || !isPostTo(request, '/token') || !answer) return [];
  const body = membersOf(answer.body);
  return [
    {
      form: new URLSearchParams(request.body),
      succeeded: answer.status === 200,
      refused: answer.status === 400 && body.error === 'invalid_grant',
      answeredAt: startedAt + tookMs,
      tokens: {
        ...(typeof body.access_token === 'string' && { access_token: body.access_token }),
        ...(typeof body.refresh_token === 'string' && { refresh_token: body.refresh_token }),
        ...(typeof body.expires_in === 'number' && { expires_in: body.expires_in }),
      },
    },
  ];
}

/** RFC 7009, by whom it belongs to: whoever else asks is answered alike, and nothing is revoked. */
function revokedIn({ from, to, request, answer }: Exchange): string[] {
  if (from !== 'client' || to !== 'authorization-server' || !isPostTo(request, '/revoke')) return [];
  const token = new URLSearchParams(request.body).get('token');
  return token !== null && answer?.status === 200 ? [token] : [];
}

function isPostTo({ method, url }: Exchange['request'], path: string): boolean {
  return method === 'POST' && URL.parse(url)?.pathname === path;
}

function membersOf(body: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const members: unknown = JSON.parse(body ?? '');
    return typeof members === 'object' && members !== null ? (members as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
