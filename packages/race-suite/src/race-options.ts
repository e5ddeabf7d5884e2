import type { ClientIdentity } from './oauth-client.ts';
import type { Person } from './sign-in-forms.ts';
import type { TrialName } from './trials/trial-names.ts';

export interface RaceOptions {
  readonly issuer: string;
  readonly client: ClientIdentity;
  /** Presents the first client's tokens; without it that trial is skipped. */
  readonly otherClient?: ClientIdentity | undefined;
  readonly redirectUri: string;
  readonly scope: string;
  /** RFC 8707: sent with the authorization request and the exchange. */
  readonly resource?: string | undefined;
  /** A session that is signed in and has consented, as a Cookie header; or who signs in at Latchkey's forms. */
  readonly signedIn: { readonly cookie: string } | Person;
  readonly rounds: number;
  /** Uses of one code or token at a time, at least 2. */
  readonly parallel: number;
  /** Seconds in which a spent refresh token may be presented again; 0 when the server has no such grace. */
  readonly grace: number;
  /** Wait until the grace is over, to see what a spent token does then. */
  readonly waitForGrace?: boolean | undefined;
  /** All trials when left out. */
  readonly only?: readonly TrialName[] | undefined;
  /** Replicas over which the uses are spread; the one that the metadata names when left out. */
  readonly tokenEndpoints?: readonly string[] | undefined;
  /** Lets so many seconds pass. */
  readonly wait?: (seconds: number) => Promise<void>;
  /** Told as each trial starts. */
  readonly onTrial?: ((name: TrialName) => void) | undefined;
}
