import type { Exchange, HeaderList } from '@latchkey/flow-reports';
import type { PresentedPart, PresentedValue } from '../presented-exchange.ts';
import { explanationOf } from './explanation.ts';
import { headers as knownHeaders, schemes } from './header-explanations.ts';
import { answerMembers, type Member, requestMembers } from './message-members.ts';
import { parameters as known } from './parameter-explanations.ts';
import { memberValue, plainValue, secretValue } from './secret-values.ts';
import { withoutSecrets } from './secret-words.ts';
import { parsedAddress, shownAddress, shownPath } from './shown-address.ts';
import { hidden, shownName } from './shown-members.ts';

/** The query, form or JSON members of a request, each with why it is there. */
export function requestParts({ to, request }: Exchange): PresentedPart[] {
  return requestMembers(request).map((member) => part(member, to));
}

/** Those of an answer, and of the address that it leads to. */
export function answerParts({ to, request, answer }: Exchange): PresentedPart[] {
  return answer ? answerMembers(answer, request.url).map((member) => part(member, to)) : [];
}

/** The headers that say something here; all others are left out. */
export function headerParts(headers: HeaderList): PresentedPart[] {
  return headers.flatMap(([name, value]): PresentedPart[] => {
    const lower = name.toLowerCase();
    const found = explanationOf(knownHeaders, lower);
    if (found.why === undefined) return [];
    const scheme = lower === 'authorization' ? explanationOf(schemes, value.split(' ', 1)[0]?.toLowerCase() ?? '') : {};
    return [{ name, where: 'header', value: headerValue(lower, value), ...found, ...scheme }];
  });
}

/** NOTE: some names mean one thing at the API and another at the authorization server, or in an address. */
function part({ name, where, value }: Member, to: Exchange['to']): PresentedPart {
  const key =
    [`${to} ${name}`, `${where} ${name}`, name, ending(name)].find((each) => Object.hasOwn(known, each)) ?? '';
  return { name: shownName(name), where, value: memberValue(name, value), ...explanationOf(known, key) };
}

/** What a server says of itself has many names that end alike. */
function ending(name: string): string {
  return name.replace(/^.*(?=_(?:supported|endpoint)$)/, '*');
}

function headerValue(name: string, value: string): PresentedValue {
  switch (name) {
    case 'authorization':
      return secretValue(value.replace(/^\w+ +/, ''));
    case 'dpop':
    case 'dpop-nonce':
      return secretValue(value);
    case 'cookie':
      return { kind: 'text', text: value.split(';').map(cookieIn).join('; ') };
    case 'set-cookie':
      return { kind: 'text', text: setCookie(value) };
    case 'location':
      return { kind: 'text', text: locationIn(value) };
    case 'traceparent':
      return /^[\da-f-]{55}$/.test(value) ? { kind: 'text', text: value } : plainValue(value);
    default:
      return plainValue(value);
  }
}

function setCookie(value: string): string {
  const [pair = '', ...attributes] = value.split(';');
  return [cookieIn(pair), ...attributes.map(attributeIn)].join(';');
}

function attributeIn(attribute: string): string {
  const path = /^ *path=(\/.*)$/i.exec(attribute)?.[1];
  return path === undefined ? withoutSecrets(attribute) : ` path=${shownPath(parsedAddress(path, 'http://here'))}`;
}

/** The name of a cookie of ours, as far as it is not drawn by lot; of any other if it is a word. */
function cookieIn(pair: string): string {
  const name = pair.includes('=') ? pair.slice(0, pair.indexOf('=')).trim() : '';
  const ours = /^(?:__(?:Host|Secure)-)?latchkey(?:_[a-z]{1,12}){0,3}(?![a-z])/.exec(name)?.[0];
  const shown = ours ?? shownName(name);
  return shown === hidden ? hidden : `${shown}${shown === name ? '' : '…'}=${hidden}`;
}

/** What its query and fragment hold stands among the parameters. */
function locationIn(value: string): string {
  return /^\/(?!\/)/.test(value) ? shownPath(parsedAddress(value, 'http://here')) : shownAddress(parsedAddress(value));
}
