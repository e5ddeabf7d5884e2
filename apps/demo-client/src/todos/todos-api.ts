import { z } from 'zod';
import type { Session } from '../session/sessions.ts';
import type { ApiOutcome, AuthorizedFetch } from '../tokens/authorized-fetch.ts';
import { type ChallengeNeeds, challengeNeeds } from './challenge-needs.ts';

const todo = z.object({ id: z.string(), title: z.string(), completed: z.boolean() });
const todoList = z.array(todo);
const problem = z.object({
  error_description: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(z.object({ detail: z.string().optional(), message: z.string().optional() })).optional(),
});

type Todo = z.infer<typeof todo>;

/** One todo, and the tag of what it is now (RFC 9110, section 8.8.3); empty where the API gives none. */
export interface TaggedTodo extends Todo {
  readonly tag: string;
}

/** How a call went, as far as a page needs to know. `session` may hold newer tokens than before. */
export type Answer<Value> =
  | { readonly kind: 'done'; readonly value: Value; readonly session: Session }
  /** The API said no; `reason` is in its words, and `needs` what would make it say yes. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly reason: string;
      readonly needs: ChallengeNeeds | undefined;
      readonly session: Session;
    }
  | { readonly kind: 'ended' }
  | { readonly kind: 'away' };

export interface TodoPage {
  readonly todos: readonly Todo[];
  /** The query of the next page. */
  readonly next: string | undefined;
}

export interface TodosApi {
  /** @param query of a page, as a list named it in `next` */
  list(session: Session, query: string): Promise<Answer<TodoPage>>;
  find(session: Session, id: string): Promise<Answer<TaggedTodo>>;
  add(session: Session, todo: { readonly title: string; readonly completed?: boolean }): Promise<Answer<undefined>>;
  /** @param tag of what the person has seen: refused (412) if it has changed meanwhile */
  rename(session: Session, id: string, title: string, tag: string): Promise<Answer<undefined>>;
  setCompleted(session: Session, id: string, completed: boolean): Promise<Answer<undefined>>;
  remove(session: Session, id: string): Promise<Answer<undefined>>;
}

export function createTodosApi(apiUrl: string, authorizedFetch: AuthorizedFetch): TodosApi {
  const collection = new URL('/api/todos', apiUrl);
  const member = (id: string) => new URL(`/api/todos/${encodeURIComponent(id)}`, apiUrl);

  function write(session: Session, method: string, url: URL, body?: unknown, tag = ''): Promise<ApiOutcome> {
    const headers = new Headers({ Accept: 'application/json', ...(tag !== '' && { 'If-Match': tag }) });
    if (body === undefined) return authorizedFetch(session, { url, method, headers });
    headers.set('Content-Type', 'application/json');
    return authorizedFetch(session, { url, method, headers, body: new TextEncoder().encode(JSON.stringify(body)) });
  }

  return {
    async list(session, query) {
      const url = new URL(collection);
      url.search = query;
      const outcome = await authorizedFetch(session, {
        url,
        method: 'GET',
        headers: new Headers({ Accept: 'application/json' }),
      });
      return answer(outcome, async (response) => ({
        todos: todoList.parse(await response.json()),
        next: nextPage(response, url),
      }));
    },
    async find(session, id) {
      const headers = new Headers({ Accept: 'application/json' });
      const outcome = await authorizedFetch(session, { url: member(id), method: 'GET', headers });
      return answer(outcome, async (response) => ({
        ...todo.parse(await response.json()),
        tag: response.headers.get('ETag') ?? '',
      }));
    },
    add: async (session, added) => answer(await write(session, 'POST', collection, added), discard),
    rename: async (session, id, title, tag) =>
      answer(await write(session, 'PATCH', member(id), { title }, tag), discard),
    setCompleted: async (session, id, completed) =>
      answer(await write(session, 'PATCH', member(id), { completed }), discard),
    remove: async (session, id) => answer(await write(session, 'DELETE', member(id)), discard),
  };
}

async function answer<Value>(
  outcome: ApiOutcome,
  read: (response: Response) => Promise<Value>,
): Promise<Answer<Value>> {
  if (outcome.kind === 'ended') return outcome;
  if (outcome.kind === 'unavailable') return { kind: 'away' };
  const { response, session } = outcome;
  if (response.status >= 400 && response.status < 500)
    return {
      kind: 'refused',
      status: response.status,
      reason: await reasonIn(response),
      needs: challengeNeeds(response.headers.get('WWW-Authenticate') ?? ''),
      session,
    };
  try {
    if (!response.ok) throw new Error(`the API answered with ${response.status}`);
    return { kind: 'done', value: await read(response), session };
  } catch {
    await response.body?.cancel().catch(() => {});
    return { kind: 'away' };
  }
}

async function discard(response: Response): Promise<undefined> {
  await response.body?.cancel();
}

/** RFC 9457 problem details, or an OAuth error; the sentence that says most. */
async function reasonIn(response: Response): Promise<string> {
  const parsed = problem.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) return '';
  const { errors, detail, error_description, title } = parsed.data;
  return errors?.[0]?.detail ?? errors?.[0]?.message ?? detail ?? error_description ?? title ?? '';
}

/** RFC 8288: `<https://…?cursor=…>; rel="next"`. Only its query is of use here. */
function nextPage(response: Response, base: URL): string | undefined {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(response.headers.get('Link') ?? '')?.[1];
  return target === undefined ? undefined : (URL.parse(target, base)?.search ?? undefined);
}
