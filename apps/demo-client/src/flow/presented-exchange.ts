import type { CheckName, Party } from '@latchkey/flow-reports';

/*
 * What the browser gets to see of an exchange: each part with its explanation, and no secret. It is plain data, so a run
 * can be written down and looked at again without any server.
 */

/** The steps of the authorization code flow in the order in which a newcomer meets them, and what comes after. */
export type StepName =
  | 'sign-in' // the browser asks the client to sign in, and is sent on with the authorization request
  | 'authorization-request' // the browser carries it to the authorization server
  | 'sign-in-and-consent' // the pages in between
  | 'authorization-answer' // the browser carries code and state back to the client
  | 'token-exchange' // the client swaps the code for tokens
  | 'session' // the client starts its own session
  | 'api-call' // the client calls the API with the token, on behalf of the browser's request
  | 'refresh'
  | 'sign-out'
  | 'account' // the person's own pages at the authorization server
  | 'keys' // discovery and keys
  | 'other';

export interface PresentedExchange {
  readonly id: string;
  /** Grows with each new exchange of a picture; an update keeps it. */
  readonly order: number;
  /** The exchange during which this one was sent, if it is in the picture. */
  readonly causedBy?: string;
  readonly from: Party;
  readonly to: Party;
  readonly channel: 'front' | 'back';
  readonly step: StepName;
  /** What happens, for a newcomer: `The client swaps the code for tokens`. */
  readonly title: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Milliseconds. */
  readonly tookMs?: number;
  /** Refused is an answer that says no (4xx, or an error in a redirect); failed is no answer, or a 5xx. */
  readonly outcome: 'under way' | 'done' | 'refused' | 'failed';
  readonly request: PresentedMessage;
  readonly answer?: PresentedMessage;
  readonly failure?: string;
  readonly checks: readonly PresentedCheck[];
  /** The things-to-try button that caused it, if one did. */
  readonly attempt?: string;
}

export interface PresentedMessage {
  /** Short, for the arrow: `POST /token`, `303 → /auth/callback`. */
  readonly label: string;
  /** What is carried, for the arrow's second line: `code, code_verifier`. */
  readonly carries: readonly string[];
  readonly method?: string;
  readonly url?: string;
  readonly status?: number;
  /** Query, form and JSON members, and those of an address in `Location`. */
  readonly parameters: readonly PresentedPart[];
  readonly headers: readonly PresentedPart[];
  /** Only where it is not shown as parameters; shortened, without secrets. */
  readonly body?: string;
}

export interface PresentedPart {
  readonly name: string;
  readonly where: 'query' | 'form' | 'json' | 'header' | 'location';
  readonly value: PresentedValue;
  /** One line: why it is there. */
  readonly why?: string;
  readonly rfc?: Reference;
}

/** A section of a specification. */
export interface Reference {
  /** `RFC 7636, section 4.3` */
  readonly label: string;
  readonly href: string;
}

export type PresentedValue =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'secret';
      /** The first eight hex digits of its SHA-256: the same secret has the same ones wherever it passes. */
      readonly hash: string;
      /** Characters. */
      readonly length: number;
      /** Where the full value can be asked for (POST); absent where it never can. */
      readonly reveal?: string;
      /** What it says, if it is a signed token: everything but the signature. */
      readonly token?: PresentedToken;
    };

export interface PresentedToken {
  readonly header: readonly PresentedClaim[];
  readonly claims: readonly PresentedClaim[];
}

export interface PresentedClaim {
  readonly name: string;
  readonly value: string;
  readonly why?: string;
  readonly rfc?: Reference;
}

export interface PresentedCheck {
  readonly by: Party;
  readonly name: CheckName;
  readonly outcome: 'passed' | 'failed';
  /** `The state is the one this browser was given.` */
  readonly words: string;
  readonly rfc?: Reference;
}

/** What `/flow` shows besides the messages. */
export interface FlowState {
  readonly signedIn: boolean;
  /** The person's name, while signed in. */
  readonly person?: string;
  readonly scopes: readonly string[];
  readonly refreshMode: 'hybrid' | 'proactive' | 'reactive';
  /** Epoch milliseconds by the clock of the apps, at the moment of sending. */
  readonly now: number;
  readonly accessToken?: Countdown;
  readonly session?: Countdown;
  /** How far the demo clock has been moved forward, milliseconds; absent where there is none. */
  readonly clockAheadMs?: number;
}

export interface Countdown {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endsAt: number;
}

/** A run written down: what the page needs to show it again, without any server. */
export interface RecordedRun {
  readonly format: 'latchkey-flow-1';
  readonly title: string;
  /** Epoch milliseconds. */
  readonly recordedAt: number;
  readonly exchanges: readonly PresentedExchange[];
}
