import type { Exchange } from '@latchkey/flow-reports';
import type { PresentedExchange } from '../presented-exchange.ts';
import { answerMembers, headerOf } from './message-members.ts';

/** Refused is an answer that says no, also by sending the browser back with an error (RFC 6749, section 4.1.2.1). */
export function outcomeOf({ request, answer, failure }: Exchange): PresentedExchange['outcome'] {
  if (failure !== undefined) return 'failed';
  if (!answer) return 'under way';
  if (answer.status >= 500) return 'failed';
  const isSentBack = answerMembers(answer, request.url).some(
    ({ name, where }) => where === 'location' && name === 'error',
  );
  return answer.status >= 400 || isSentBack ? 'refused' : 'done';
}

/** What a refusal says of itself. */
export interface Refusal {
  /** For programs; empty where it says none. */
  readonly code: string;
  /** In words. */
  readonly said: string | undefined;
}

/** RFC 6749, sections 4.1.2.1 and 5.2; RFC 6750, section 3; RFC 9457, section 3.1. */
export function refusalIn({ request, answer }: Exchange): Refusal {
  const challenge = (answer && headerOf(answer.headers, 'www-authenticate')) ?? '';
  const members = answer ? answerMembers(answer, request.url) : [];
  const member = (name: string) => {
    const value = members.find((each) => each.name === name)?.value;
    return typeof value === 'string' ? value : undefined;
  };
  const quoted = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1];
  return {
    code: quoted('error') ?? member('error') ?? '',
    said: quoted('error_description') ?? member('error_description') ?? member('detail'),
  };
}
