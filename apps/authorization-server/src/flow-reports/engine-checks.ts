import type { FoundCheck } from '@latchkey/flow-reports';
import { checklists, type Look } from './engine-checklists.ts';
import type { EngineFacts } from './engine-facts.ts';

/** What the engine's errors carry beside a message. */
type EngineRefusal = Error & { error?: string; error_description?: string; error_detail?: string; scope?: string };

/**
 * What the engine has checked of a request: all that it looks at there when it did not refuse; else what it looked at before, and
 * what failed. Nothing that comes later, and nothing at all where the refusal is about something else.
 */
export function engineChecks(facts: EngineFacts, refusal: Error | undefined): readonly FoundCheck[] {
  const list = checklistOf(facts);
  if (!refusal || isMended(facts)) return facts.status < 400 ? passed(list, facts) : [];
  const words = wordsOf(refusal);
  const failed = list.findIndex((each) => each.refusal.test(words));
  const { name } = list[failed] ?? {};
  if (name === undefined) return [];
  const before = list.slice(0, failed).filter((each) => each.name !== name);
  return [...passed(before, facts), { name, outcome: 'failed', detail: detailOf(refusal) }];
}

function checklistOf({ route = '', params }: EngineFacts): readonly Look[] {
  const name = route === 'token' ? String(params.grant_type) : route;
  return Object.hasOwn(checklists, name) ? (checklists[name] ?? []) : [];
}

/** NOTE: the engine refuses to revoke signed access tokens, and the server does that in its place. */
function isMended({ route, status }: EngineFacts): boolean {
  return route === 'revocation' && status === 200;
}

function passed(list: readonly Look[], facts: EngineFacts): FoundCheck[] {
  return list.filter((each) => each.isMade(facts)).map(({ name }) => ({ name, outcome: 'passed' }));
}

function wordsOf(refusal: EngineRefusal): string {
  const { error = refusal.message, error_detail, error_description } = refusal;
  return `${error}: ${error_detail ?? error_description ?? ''}`;
}

/** The engine's own words for whoever runs it. They name no secret. */
function detailOf({ message, error_detail, error_description, scope }: EngineRefusal): string {
  const words = error_detail ?? error_description ?? message;
  return scope === undefined ? words : `${words}: ${scope.slice(0, 200)}`;
}
