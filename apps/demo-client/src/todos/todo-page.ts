import { randomUUID } from 'node:crypto';
import { type Scope, todosScopes } from '@latchkey/scope-catalogue';
import type { Session } from '../session/sessions.ts';
import type { PendingAction } from '../sign-in/pending-action.ts';
import { defaultScopes, widenedScopes } from '../sign-in/scope-request.ts';
import { secondsLeft } from '../tokens/refresh-decision.ts';
import { listAddress, type Show, shows } from './list-view.ts';
import type { Deletion } from './todo-undo.ts';
import type { Answer, TodoPage } from './todos-api.ts';

/** Something the person can be asked for. */
interface Ask {
  readonly scope: Scope;
  /** All that is granted and this: the answer replaces the tokens, so it must not hold less than before. */
  readonly request: string;
  readonly refused: boolean;
}

export interface PageWords {
  /** What went wrong with what was just sent. */
  readonly error?: string | undefined;
  /** What was typed, to be kept. */
  readonly typed?: string | undefined;
  readonly notice?: string | undefined;
  readonly mend?: Mending | undefined;
  /** What was deleted a moment ago. */
  readonly undo?: Deletion | undefined;
  readonly editing?: Editing | undefined;
}

/** A todo whose words are being changed. */
export interface Editing {
  readonly id: string;
  /** Of what the person has seen. */
  readonly tag?: string;
  /** What stands in the field. */
  readonly typed?: string;
  /** What the person has written and sent. */
  readonly written?: string;
  /** What it says at the API. */
  readonly now?: string;
}

/** A button that makes a refused action possible, and has it carried out then. */
export interface Mending {
  readonly words: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** What was typed, or pressed, while nobody was signed in any more. */
export interface LeftOver {
  readonly typed?: string;
  readonly action?: PendingAction;
}

const filterNames: Readonly<Record<Show, string>> = { all: 'All', open: 'Open', done: 'Done' };
const words = todosScopes as ReadonlyMap<string, Scope>;
const wantedByDefault = defaultScopes.filter((name) => words.has(name));

/** What the list's page shows, apart from the frame. */
export function todoPage(
  session: Session,
  answer: Exclude<Answer<TodoPage>, { kind: 'ended' }> | undefined,
  { error, typed, notice, mend, undo, editing }: PageWords,
  { show, more, now }: { readonly show: Show; readonly more: string; readonly now: number },
) {
  const { granted } = session.tokens;
  const here: Readonly<Record<string, string>> = more === '' ? {} : { more };
  const isInList = answer?.kind === 'done' && answer.value.todos.some(({ id }) => id === editing?.id);
  const isEditable = isInList && editing?.now !== undefined;
  return {
    title: 'Your todos',
    person: session.person,
    mayRead: granted.includes('read:todos'),
    mayWrite: granted.includes('write:todos'),
    list: answer?.kind === 'done' ? answer.value : undefined,
    away: answer?.kind === 'away',
    refusal: answer?.kind === 'refused' ? { status: answer.status, reason: answer.reason } : undefined,
    granted: granted.map((name) => words.get(name)?.description ?? name),
    asks: asks(session),
    tokenSeconds: secondsLeft(session.tokens, now),
    refreshMode: session.refreshMode,
    formId: randomUUID(),
    error,
    // What was written of a todo that cannot be shown here must not be lost: it can be added as a new one.
    typed: typed || (isEditable ? '' : (editing?.written ?? '')),
    notice,
    mend,
    undo,
    editing: isEditable ? editing : undefined,
    back: listAddress(show, here),
    editHref: ({ id }: { readonly id: string }) => listAddress(show, { ...here, edit: id }),
    show,
    filters: shows.map((each) => ({ name: filterNames[each], href: listAddress(each), current: each === show })),
    sessionEndsAt: new Date(Math.min(session.idleEndsAt, session.endsAt)).toISOString(),
  };
}

function asks(session: Session): Ask[] {
  const {
    tokens: { granted },
    requested,
  } = session;
  return [...words.values()]
    .filter(({ name }) => !granted.includes(name) && (wantedByDefault.includes(name) || requested.includes(name)))
    .map((scope) => ({
      scope,
      request: widenedScopes(session, [scope.name]).join(' '),
      refused: requested.includes(scope.name),
    }));
}
