import type { Limiter } from './authentication/limiter.ts';
import type { DpopSettings } from './authentication/proof-of-possession.ts';
import type { CertificateSource } from './mtls/certificate-binding.ts';
import type { RefusalFormat } from './refusal/refusal-answer.ts';
import type { Refusal, RefusalKind } from './refusal/refusals.ts';
import type { AsymmetricAlgorithm, IssuerOptions } from './verification/issuer-options.ts';
import type { Principal } from './verification/principal.ts';

export interface ResourceServerOptions<Scope extends string, User = undefined> {
  /** The authorization server by its issuer identifier, exactly as in its tokens and its metadata; or several. */
  readonly issuer: string | IssuerOptions | readonly (string | IssuerOptions)[];
  /** This API's resource identifier (RFC 8707): what tokens must carry in `aud`. */
  readonly resource: string;
  /** Shown in challenges (RFC 9110, section 11.5). */
  readonly realm: string;
  /** Every scope of this API, with the words that people read. */
  readonly scopes: Readonly<Record<Scope, string>>;
  readonly resourceName?: string;
  /** Address of the page for developers. */
  readonly documentation?: string;
  /** Default: every asymmetric one. */
  readonly algorithms?: readonly AsymmetricAlgorithm[];
  /** How far the clocks may differ, in seconds. Default 5. */
  readonly clockToleranceSeconds?: number;
  /**
   * What clients put before the path of a request: the origin, and a prefix that a proxy takes away. DPoP proofs are made
   * for it, and it is never read from the request. Default: the origin of `resource`.
   */
  readonly publicUrl?: string;
  /**
   * Takes plain http in `issuer`, `resource`, `publicUrl` and the issuer's other addresses, for a network that nobody else
   * can listen on. Default false: they are https (OAuth 2.1, section 1.5), except on the loopback hosts `localhost`,
   * `*.localhost`, `127.0.0.1` and `[::1]`.
   */
  readonly allowInsecureHttp?: boolean;
  /** Remembers verified tokens, this many for each issuer (default 1,000). Off without it. */
  readonly tokenCache?: { readonly maxEntries?: number };
  /** Tokens that are bound to a key (RFC 9449). On by default; `false` refuses them. */
  readonly dpop?: false | DpopSettings;
  /** Where the client's certificate is, for tokens bound to one (RFC 8705). Without it they are refused. */
  readonly mtls?: CertificateSource;
  /** The last word on a verified token, asked at each request: false (a revoked token, say) makes it an invalid one. */
  readonly accept?: (principal: Principal) => boolean | Promise<boolean>;
  /** Finds the caller's own record, for `auth.user`, once per request; `undefined` makes the token an invalid one. */
  readonly loadUser?: (principal: Principal) => User | undefined | Promise<User | undefined>;
  readonly limiter?: Limiter;
  /** The body of refusals. Default `oauth`. */
  readonly refusalFormat?: RefusalFormat;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  readonly fetch?: typeof globalThis.fetch;
  /** For log and metrics, once for each guard that a request meets. */
  readonly onDecision?: (decision: Decision) => void;
  /** For the log: an issuer's keys could not be loaded, or it could not be asked. */
  readonly onKeysFailure?: (cause: unknown, issuer: string) => void;
}

export interface Decision {
  readonly outcome: 'allowed' | 'anonymous' | RefusalKind;
  readonly principal?: Principal;
  /** `refusal.cause` says what the caller is not told. */
  readonly refusal?: Refusal;
}
