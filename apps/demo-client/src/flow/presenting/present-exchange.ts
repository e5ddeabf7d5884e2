/**
 * From what passed to what a browser may see of it: every part with its explanation, and no secret. Nothing else may
 * leave for a browser.
 */
import type { Check, Exchange } from '@latchkey/flow-reports';
import type { PresentedCheck, PresentedExchange, PresentedMessage } from '../presented-exchange.ts';
import { titleOf } from './exchange-titles.ts';
import { checks as explained } from './explanations.ts';
import { answerParts, headerOf, headerParts, requestParts, withoutQuery } from './message-parts.ts';
import { referenceTo } from './reference.ts';
import { foreignWords } from './secret-values.ts';

export interface PresentingContext {
  /** Grows with each new exchange of a picture. */
  readonly order: number;
}

export function presentExchange(exchange: Exchange, { order }: PresentingContext): PresentedExchange {
  const { id, causedBy, from, to, channel, startedAt, tookMs, answer, failure, checks } = exchange;
  return {
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
    ...(failure !== undefined && { failure: foreignWords(failure) }),
    checks: checks.map(presentCheck),
  };
}

function outcomeOf({ answer, failure }: Exchange): PresentedExchange['outcome'] {
  if (failure !== undefined) return 'failed';
  if (!answer) return 'under way';
  if (answer.status >= 500) return 'failed';
  return answer.status >= 400 || /[?&]error=/.test(headerOf(answer.headers, 'location') ?? '') ? 'refused' : 'done';
}

function presentRequest({ request }: Exchange): PresentedMessage {
  const { origin, pathname } = new URL(request.url);
  const parameters = requestParts(request);
  return {
    label: `${request.method} ${shortened(pathname)}`,
    carries: carried(parameters),
    method: request.method,
    url: origin + pathname,
    parameters,
    headers: headerParts(request.headers),
  };
}

function presentAnswer({ request }: Exchange, answer: NonNullable<Exchange['answer']>): PresentedMessage {
  const location = headerOf(answer.headers, 'location');
  const parameters = answerParts(answer, request.url);
  const target = location === undefined ? null : URL.parse(location, request.url);
  return {
    label: target ? `${answer.status} → ${shortened(target.pathname)}` : String(answer.status),
    carries: carried(parameters),
    status: answer.status,
    ...(target && { url: withoutQuery(target.href) }),
    parameters,
    headers: headerParts(answer.headers),
  };
}

const quiet = /^(_csrf|csrf|form_id|show|notice|return_to|response_type|code_challenge_method)$/;

function carried(parts: PresentedMessage['parameters']): string[] {
  return [...new Set(parts.map(({ name }) => name).filter((name) => !quiet.test(name)))].slice(0, 8);
}

/** Ids in a path say nothing to people. */
function shortened(path: string): string {
  return path.replace(/\/(?=[\w-]*\d)[\w-]{16,}(?=\/|$)/g, '/…');
}

function presentCheck({ by, name, outcome, detail }: Check): PresentedCheck {
  const [passed, failed, source] = explained[name];
  const words = outcome === 'passed' ? passed : detail ? `${failed} (${foreignWords(detail)})` : failed;
  return { by, name, outcome, words, rfc: referenceTo(source) };
}
