import { type AnswerCheck, answerChecks, type ContractDocument, type Operation, type Said } from './openapi-answers.ts';

export interface ContractRun {
  readonly document: ContractDocument;
  /** Every scope that there is. */
  readonly scopes: readonly string[];
  call(path: string, request: { method: string; token?: string; json?: unknown }): Promise<Response>;
  /** A token of a person who has just signed in. */
  token(scope: string): Promise<string>;
  /** For a parameter of the path: something that is there. */
  pathValue(name: string): Promise<string>;
  /** For the body of a request, made of the examples in its schema. */
  body(schema: object): unknown;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * Walks a document, and asks the API for what it says: each operation without a token, with a bad one, without each
 * scope in turn, and with each set of scopes that is enough. What the document does not say must not be there.
 *
 * @returns what disagrees, in words
 */
export async function disagreements(run: ContractRun): Promise<string[]> {
  const checks = answerChecks(run.document);
  const found: string[] = [];
  for (const [path, item] of Object.entries(run.document.paths ?? {})) {
    const operations = item as Readonly<Record<string, Operation>>;
    for (const [method, operation] of Object.entries(operations))
      found.push(...(await ofOperation(run, { path, method, operation, check: checks(path, method) })));
    found.push(...(await ofTheUndocumented(run, path, Object.keys(operations))));
  }
  return found;
}

interface Asked {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
  readonly check: AnswerCheck;
}

async function ofOperation(run: ContractRun, { path, method, operation, check }: Asked): Promise<string[]> {
  const { security = [], requestBody } = operation;
  const sets = security.map(({ oauth2 = [] }) => oauth2);
  const [first = []] = sets;
  const json = requestBody && run.body(requestBody.content['application/json'].schema);
  const success = Object.keys(operation.responses).filter((status) => status.startsWith('2'));
  const ask = async (what: string, token: string | undefined, statuses: readonly string[], said?: Said) => {
    const request = {
      method: method.toUpperCase(),
      ...(token !== undefined && { token }),
      ...(json !== undefined && { json }),
    };
    const response = await run.call(await filled(path, run), request);
    const expected = statuses.includes(String(response.status));
    const problems = [
      ...(expected ? [] : [`${response.status} instead of ${statuses.join(' or ')}`]),
      ...(await check(response, expected ? said : undefined)),
    ];
    return problems.map((problem) => `${method.toUpperCase()} ${path} ${what}: ${problem}`);
  };

  if (sets.length === 0)
    return [
      ...(await ask('without a token', undefined, success)),
      ...(await ask('with a bad token', 'garbage', success)),
    ];
  const bare = { scope: first, error: undefined };
  const found = [
    ...(await ask('without a token', undefined, ['401'], { ...bare, description: 'Not authenticated' })),
    ...(await ask('with a bad token', 'garbage', ['401'], {
      scope: first,
      error: 'invalid_token',
      description: 'Invalid token',
    })),
  ];
  for (const { held, missing } of heldTooFew(sets, run.scopes)) {
    const what = `with "${held.join(' ')}" only, without ${missing}`;
    const said = {
      scope: sets.length === 1 ? first : undefined,
      error: 'insufficient_scope',
      description: new RegExp(`\\b${missing}\\b`),
    };
    found.push(...(await ask(what, await run.token(held.join(' ')), ['403'], said)));
  }
  for (const set of sets)
    found.push(...(await ask(`with "${set.join(' ')}"`, await run.token(set.join(' ')), success)));
  return found;
}

/** Each scope taken away in turn: of all there are, and of those that would just be enough. */
function heldTooFew(sets: readonly (readonly string[])[], all: readonly string[]) {
  const enough = (held: readonly string[]) => sets.some((set) => set.every((scope) => held.includes(scope)));
  const without = (held: readonly string[], missing: string) => ({
    held: held.filter((scope) => scope !== missing),
    missing,
  });
  const tries = sets.flatMap((set) => set.flatMap((scope) => [without(all, scope), without(set, scope)]));
  return tries.filter(({ held }) => !enough(held));
}

/** Other methods at the same address, and addresses beside it: not even who may do everything finds something there. */
async function ofTheUndocumented(run: ContractRun, path: string, documented: readonly string[]): Promise<string[]> {
  const token = await run.token(run.scopes.join(' '));
  const at = await filled(path, run);
  const others = methods.filter((method) => !documented.includes(method)).map((method) => [method, at, 405] as const);
  const beside = [`${at}/`, `${at}/x/y`, at.toUpperCase()].map((address) => ['get', address, 404] as const);
  const asked = [...others, ...beside].map(async ([method, address, status]) => {
    const response = await run.call(address, { method: method.toUpperCase(), token });
    return response.status === status
      ? []
      : [`${method.toUpperCase()} ${address}: ${response.status}, and yet it is not documented`];
  });
  return (await Promise.all(asked)).flat();
}

async function filled(path: string, run: ContractRun): Promise<string> {
  let made = path;
  for (const [placeholder, name = ''] of path.matchAll(/\{(\w+)\}/g))
    made = made.replace(placeholder, await run.pathValue(name));
  return made;
}
