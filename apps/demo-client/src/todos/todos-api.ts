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
  add(session: Session, title: string): Promise<Answer<undefined>>;
  setCompleted(session: Session, id: string, completed: boolean): Promise<Answer<undefined>>;
  remove(session: Session, id: string): Promise<Answer<undefined>>;
}

export function createTodosApi(apiUrl: string, authorizedFetch: AuthorizedFetch): TodosApi {
  const collection = new URL('/api/todos', apiUrl);
  const member = (id: string) => new URL(`/api/todos/${encodeURIComponent(id)}`, apiUrl);

  function write(session: Session, method: string, url: URL, body?: unknown): Promise<ApiOutcome> {
    const headers = new Headers({ Accept: 'application/json' });
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
    add: async (session, title) => answer(await write(session, 'POST', collection, { title }), discard),
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
