/**
 * From what passed to what a browser may see of it: every part with its explanation, and no secret. Nothing else may
 * leave for a browser.
 */
import type { Exchange } from '@latchkey/flow-reports';
import type { PresentedExchange, PresentedMessage } from '../presented-exchange.ts';
import { presentChecks } from './check-explanations.ts';
import { outcomeOf } from './exchange-outcome.ts';
import { titleOf } from './exchange-titles.ts';
import { knownSecrets } from './known-secrets.ts';
import { headerOf } from './message-members.ts';
import { answerParts, headerParts, requestParts } from './message-parts.ts';
import { withoutKnown } from './secret-sweep.ts';
import { withoutSecrets } from './secret-words.ts';
import { parsedAddress, shortPath, shownAddress } from './shown-address.ts';

export interface PresentingContext {
  /** Grows with each new exchange of a picture. */
  readonly order: number;
}

export function presentExchange(exchange: Exchange, { order }: PresentingContext): PresentedExchange {
  const { id, causedBy, from, to, channel, startedAt, tookMs, answer, failure } = exchange;
  const presented: PresentedExchange = {
    id,
    order,
    ...(causedBy !== undefined && { causedBy }),
    from,
    to,
    channel,
    ...titleOf(exchange),
    startedAt,
    ...(tookMs !== undefined && { tookMs }),
    outcome: outcomeOf(exchange),
    request: presentRequest(exchange),
    ...(answer && { answer: presentAnswer(exchange, answer) }),
    ...(failure !== undefined && { failure: withoutSecrets(failure) }),
    checks: presentChecks(exchange),
  };
  return withoutKnown(presented, knownSecrets(exchange));
}

function presentRequest(exchange: Exchange): PresentedMessage {
  const { request } = exchange;
  const address = parsedAddress(request.url);
  const parameters = requestParts(exchange);
  return {
    label: `${request.method} ${shortPath(address)}`,
    carries: carried(parameters),
    method: request.method,
    url: shownAddress(address),
    parameters,
    headers: headerParts(request.headers),
  };
}

function presentAnswer(exchange: Exchange, answer: NonNullable<Exchange['answer']>): PresentedMessage {
  const location = headerOf(answer.headers, 'location');
  const target = location === undefined ? undefined : parsedAddress(location, exchange.request.url);
  const parameters = answerParts(exchange);
  return {
    label: target ? `${answer.status} → ${shortPath(target)}` : String(answer.status),
    carries: carried(parameters),
    status: answer.status,
    ...(target && { url: shownAddress(target) }),
    parameters,
    headers: headerParts(answer.headers),
  };
}

const quiet = /^(•••|\[ \]|csrf_token|xsrf|form_id|actor|show|notice|return_to|response_type|code_challenge_method)$/;

function carried(parts: PresentedMessage['parameters']): string[] {
  return [...new Set(parts.map(({ name }) => name).filter((name) => !quiet.test(name)))].slice(0, 8);
}
