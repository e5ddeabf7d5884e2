import { encoded, type JwsDraft } from './draft.ts';
import type { EditContext } from './edit.ts';
import { twinOf } from './signer.ts';

/** What is done to the header and the signature of a JWS, token or proof. */
export interface JwsEdit {
  readonly name: string;
  /** The result is as good as before. */
  readonly harmless?: boolean;
  apply(jws: JwsDraft, context: EditContext): void;
}

export const signatureEdits: readonly JwsEdit[] = [
  {
    name: 'a signature of nothing',
    apply(jws, { random }) {
      jws.signature = (_, good) =>
        encoded(
          random.pick([
            Buffer.alloc(0),
            Buffer.alloc(64),
            Buffer.alloc(64, 255),
            Buffer.alloc(256),
            random.bytes(good.length),
          ]),
        );
    },
  },
  {
    name: 'a signature with a bit turned, cut off or longer',
    apply(jws, { random }) {
      jws.signature = (_, good) => {
        const bytes = Buffer.from(good);
        const at = random.below(bytes.length);
        const turned = () => {
          bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
          return bytes;
        };
        const cut = () => bytes.subarray(0, at);
        const longer = () => Buffer.concat([bytes, random.bytes(1 + random.below(9))]);
        return encoded(random.pick([turned, cut, longer])());
      };
    },
  },
  {
    name: 'a signature in another spelling of the same bytes',
    apply(jws, { random }) {
      jws.signature = (_, good) => respelt(encoded(good), random.below(4));
    },
  },
  {
    name: 'a signature in DER',
    apply(jws) {
      jws.signature = (_, good) => {
        const half = (bytes: Buffer) => Buffer.concat([Buffer.from([2, 33, 0]), bytes]);
        const body = Buffer.concat([half(good.subarray(0, 32)), half(good.subarray(32, 64))]);
        return encoded(Buffer.concat([Buffer.from([48, body.length]), body]));
      };
    },
  },
  {
    name: 'the twin of the signature',
    harmless: true,
    apply(jws) {
      jws.signature = (_, good) => encoded(jws.signer.alg === 'ES256' ? twinOf(good) : good);
    },
  },
];

/** Bits that mean nothing, padding, letters of the other alphabet: what a forgiving decoder reads as the same. */
function respelt(text: string, way: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(text.at(-1) ?? '');
  const otherAlphabet = text.replace(/-/g, '+').replace(/_/g, '/');
  if (way === 0) return `${text}==`;
  if (way === 1 && otherAlphabet !== text) return otherAlphabet;
  if (way === 2) return `${text.slice(0, 5)}\u000c${text.slice(5)}`;
  return text.slice(0, -1) + alphabet[last ^ 1];
}
