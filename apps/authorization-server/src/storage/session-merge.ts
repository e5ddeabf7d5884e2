export interface ClientAuthorization {
  readonly sid?: string;
  readonly grantId?: string;
  readonly persistsLogout?: boolean;
}

export interface SessionPayload {
  readonly uid: string;
  readonly jti: string;
  readonly accountId?: string;
  /** Epoch seconds of the sign-in. */
  readonly loginTs?: number;
  readonly acr?: string;
  readonly amr?: readonly string[];
  readonly authorizations?: Readonly<Record<string, ClientAuthorization>>;
  readonly [member: string]: unknown;
}

/**
 * What two tabs know of one session, together: the clients of both, and the later sign-in. When the account has
 * changed there is nothing to keep of the other person's session.
 */
export function mergeSessions(existing: SessionPayload, written: SessionPayload): SessionPayload {
  // NOTE: not even the secret of its forms, which whoever planted the session may know.
  if (existing.accountId !== written.accountId) return { ...written, state: undefined };
  const later = (existing.loginTs ?? 0) > (written.loginTs ?? 0) ? existing : written;
  const merged: Record<string, unknown> = { ...written };
  for (const member of ['loginTs', 'acr', 'amr']) merged[member] = later[member];
  // NOTE: forms of the engine (sign-out, device) carry a secret kept here; another tab must not take it away.
  if (written.state === undefined && existing.state !== undefined) merged.state = existing.state;
  if (existing.authorizations || written.authorizations) {
    merged.authorizations = { ...existing.authorizations, ...written.authorizations };
  }
  return merged as unknown as SessionPayload;
}
