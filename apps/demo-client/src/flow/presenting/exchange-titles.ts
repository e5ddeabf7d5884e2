import type { Exchange } from '@latchkey/flow-reports';
import type { StepName } from '../presented-exchange.ts';
import { refusalTitle } from './refusal-words.ts';
import { parsedAddress } from './shown-address.ts';
import { type Rule, rules } from './title-rules.ts';

export interface Titled {
  readonly step: StepName;
  readonly title: string;
}

/** In which step of the journey an exchange is, and what happens; where it was refused, what was and why. */
export function titleOf(exchange: Exchange): Titled {
  const rule = rules[exchange.to]?.find((each) => fits(each, exchange));
  const [, , step, title] = rule ?? ['', /^/, 'other', 'Something else'];
  return { step, title: refusalTitle(exchange) ?? title };
}

function fits([method, path, , , grantType]: Rule, { request }: Exchange): boolean {
  if (method !== '' && method !== request.method) return false;
  if (!path.test(parsedAddress(request.url).pathname)) return false;
  return grantType === undefined || new URLSearchParams(request.body).get('grant_type') === grantType;
}
