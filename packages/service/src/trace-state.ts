/** `key`: of one system, or of one tenant of a system. */
const key = /^(?:[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})$/;
/** `value`: visible ASCII and inner spaces, without comma and equals sign. */
const value = /^[\x20-\x2B\x2D-\x3C\x3E-\x7E]{0,255}[\x21-\x2B\x2D-\x3C\x3E-\x7E]$/;

const mostMembers = 32;
const mostCharacters = 512;
const longMember = 128;
/** Far more than goes on. Longer ones are dropped unread: anybody may send one. */
const mostRead = 4_096;

/**
 * W3C Trace Context, section 3.3: the header `tracestate` as it goes on. It is other systems' data, passed along as it
 * came. What is longer than must be passed on loses its long members first, then those at the end.
 *
 * @returns `undefined` for an empty one, and for one that is not well-formed or beyond all measure: it is dropped as a whole
 */
export function readTraceState(header: string): string | undefined {
  if (header.length > mostRead) return undefined;
  const members = header
    .split(',')
    .map(withoutBlanks)
    .filter((member) => member !== '');
  const pairs = members.map((member) => [member.slice(0, member.indexOf('=')), member.slice(member.indexOf('=') + 1)]);
  const wellFormed = pairs.every(([name = '', content = '']) => key.test(name) && value.test(content));
  const distinct = new Set(pairs.map(([name]) => name)).size === pairs.length;
  if (!wellFormed || !distinct || members.length > mostMembers) return undefined;
  return shortened(members).join(',') || undefined;
}

/** NOTE: by index. A regular expression for the blanks at the end tries anew from each blank on the way. */
function withoutBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text[start])) start++;
  while (end > start && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}

/** RFC 9110, section 5.6.3: what `String#trim` takes away is more than that. */
function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** "tracestate limits". */
function shortened(members: readonly string[]): readonly string[] {
  const fits = (kept: readonly string[]) => kept.join(',').length <= mostCharacters;
  if (fits(members)) return members;
  const kept = members.filter((member) => member.length <= longMember);
  while (!fits(kept)) kept.pop();
  return kept;
}
