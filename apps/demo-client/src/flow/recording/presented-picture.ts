import type { PresentedExchange, PresentedMessage, PresentedPart } from '../presented-exchange.ts';
import { presentExchange } from '../presenting/present-exchange.ts';
import type { Drawn } from './pictures.ts';
import { type SeenSecret, seenSecrets } from './spent-secrets.ts';

/** A picture as its browser may see it, with where to ask for what opens nothing any more. */
export function presentPicture(drawn: readonly Drawn[], now: number): (one: Drawn) => PresentedExchange {
  const seen = seenSecrets(
    drawn.map(({ exchange }) => exchange),
    now,
  );
  return ({ exchange, order }) => withReveals(presentExchange(exchange, { order }), seen);
}

function withReveals(exchange: PresentedExchange, seen: ReadonlyMap<string, SeenSecret>): PresentedExchange {
  const reveal = (part: PresentedPart): PresentedPart => {
    const { value } = part;
    if (value.kind !== 'secret' || !seen.get(value.hash)?.spent) return part;
    return { ...part, value: { ...value, reveal: `/flow/reveal?hash=${value.hash}` } };
  };
  const message = (side: PresentedMessage): PresentedMessage => ({
    ...side,
    parameters: side.parameters.map(reveal),
    headers: side.headers.map(reveal),
  });
  const { request, answer } = exchange;
  return { ...exchange, request: message(request), ...(answer && { answer: message(answer) }) };
}
