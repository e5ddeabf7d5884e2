import type { PresentedClaim, PresentedToken } from '../presented-exchange.ts';
import { claims as explained } from './claim-explanations.ts';
import { explanationOf } from './explanation.ts';
import { isToken, jsonIn } from './secret-words.ts';
import { shownMember, shownName } from './shown-members.ts';

/** Header and claims; the signature, which makes it a token, is not in it. */
export function tokenIn(text: string): PresentedToken | undefined {
  if (!isToken(text)) return undefined;
  const [header, claims] = text.split('.').map((part) => jsonIn(part));
  return header && claims && { header: members(header), claims: members(claims) };
}

function members(part: object): PresentedClaim[] {
  return Object.entries(part).map(([name, value]) => ({
    name: shownName(name),
    value: shownMember(name, value),
    ...explanationOf(explained, name),
  }));
}
