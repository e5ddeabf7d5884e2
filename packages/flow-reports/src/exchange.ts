/** Who takes part in the flow. The thief is no program of ours: it is whoever uses what was stolen, for show. */
export type Party = 'browser' | 'client' | 'authorization-server' | 'api' | 'upstream' | 'thief';

/** Names and values as they were sent, in their order; a name may stand there twice. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

export interface SentRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: HeaderList;
  /** As text, where it is one and short enough to be kept. */
  readonly body?: string | undefined;
}

export interface SentAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body?: string | undefined;
}

/** What a party can look at before it believes a message. */
export type CheckName =
  | 'state'
  | 'nonce'
  | 'iss'
  | 'redirect_uri'
  | 'client'
  | 'client_authentication'
  | 'code'
  | 'pkce'
  | 'id_token'
  | 'logout_token'
  | 'refresh_token'
  | 'session'
  | 'csrf'
  | 'token_format'
  | 'algorithm'
  | 'signature'
  | 'typ'
  | 'aud'
  | 'exp'
  | 'scope'
  | 'proof'
  | 'account'
  | 'consent'
  | 'step_up';

export interface Check {
  readonly by: Party;
  readonly name: CheckName;
  readonly outcome: 'passed' | 'failed';
  /** What was found, in words and without any secret: `ran out 12 s ago`. */
  readonly detail?: string | undefined;
}

/**
 * A request and its answer. Both parties may report it: the one that sends knows both ends, the one that receives knows
 * what it has checked. They meet in the `id`.
 */
export interface Exchange {
  /** Trace and span of the request (W3C Trace Context), as `traceparent` carries them: `<trace-id>-<span-id>`. */
  readonly id: string;
  /** 32 hex digits. */
  readonly traceId: string;
  /** The exchange during which this one was sent. */
  readonly causedBy?: string | undefined;
  readonly from: Party;
  readonly to: Party;
  /** Through the browser, where the person can see and change it, or directly between servers. */
  readonly channel: 'front' | 'back';
  /** Epoch milliseconds, by the clock of the apps. */
  readonly startedAt: number;
  /** Milliseconds, once the answer is there. */
  readonly tookMs?: number | undefined;
  readonly request: SentRequest;
  readonly answer?: SentAnswer | undefined;
  /** Why there is no answer, where the connection failed. */
  readonly failure?: string | undefined;
  readonly checks: readonly Check[];
}

/**
 * What a party tells of an exchange, first when the request has passed and again when more is known. Later reports of
 * the same `id` are laid over the earlier ones; checks add up.
 */
export interface Report extends Exchange {
  readonly reporter: Party;
}
