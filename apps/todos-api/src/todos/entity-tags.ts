/** RFC 9110, sections 8.8.3 and 13.1: entity tags, as they are given out and as requests come back with them. */
import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import type { Precondition } from './precondition.ts';

interface EntityTag {
  readonly weak: boolean;
  readonly value: string;
}

// NOTE: the blanks behind a tag belong to the tag. Two runs of blanks side by side could be divided in as many ways as
// there are blanks, and all would be tried.
const member = /[ \t]*(?:(W\/)?"([\x21\x23-\x7E\x80-\xFF]*)"[ \t]*)?(?:,|$)/y;

/**
 * The tags of `If-Match` or `If-None-Match`; `any` is `*`. What is not written as they are (without quotes, say) names
 * nothing, so that a change that was meant to be safe does not happen.
 *
 * @returns `undefined` without the header
 */
export function readEntityTags(header: string | undefined): 'any' | readonly EntityTag[] | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return 'any';
  const tags: EntityTag[] = [];
  for (let at = 0; at < header.length; at = member.lastIndex) {
    member.lastIndex = at;
    const found = member.exec(header);
    if (!found) return [];
    if (found[2] !== undefined) tags.push({ weak: found[1] !== undefined, value: found[2] });
  }
  return tags;
}

/**
 * What a request asks of the thing it is about, `undefined` if nothing. Section 8.8.3.2: `If-Match` compares strongly,
 * so that weak tags never match; `If-None-Match` weakly.
 */
export function preconditionOf({ headers }: Pick<Context, 'headers'>): Precondition | undefined {
  const ifMatch = readEntityTags(headers['if-match']);
  const ifNoneMatch = readEntityTags(headers['if-none-match']);
  if (ifMatch === undefined && ifNoneMatch === undefined) return undefined;
  return {
    ...(ifMatch && ifMatch !== 'any' && { oneOf: ifMatch.filter(({ weak }) => !weak).map(({ value }) => value) }),
    ...(ifNoneMatch && { noneOf: ifNoneMatch === 'any' ? 'any' : ifNoneMatch.map(({ value }) => value) }),
  };
}

/** Gives an answer the tag of its content, which differs from person to person. */
export function tagAnswer(ctx: Pick<Context, 'set' | 'vary'>, value: string): void {
  ctx.set('ETag', `"${value}"`);
  ctx.vary('Authorization');
}

/** The tag of a list: of whose it is, what it holds and where it leads. */
export function listTag(...content: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}
