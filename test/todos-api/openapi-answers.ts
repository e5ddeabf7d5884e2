import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readChallenge } from './challenge-reader.ts';

/** An OpenAPI document as far as its promises are kept here. */
export interface ContractDocument {
  readonly paths?: Readonly<Record<string, object>> | undefined;
  readonly components?: unknown;
}

interface ParameterSchema {
  readonly type: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
}

export interface Operation {
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly { readonly schema: ParameterSchema }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: object } } };
  readonly responses: Readonly<Record<string, object>>;
}

/** What the challenge and the body must say. */
export interface Said {
  readonly scope: readonly string[] | undefined;
  readonly error: string | undefined;
  readonly description: string | RegExp;
}

/** What is wrong with an answer, in words. */
export type AnswerCheck = (response: Response, said?: Said) => Promise<string[]>;

/**
 * Checks of answers by what a document says of them: the status is one of those, the content is of the type that stands
 * there, and fits the schema (JSON Schema 2020-12, which OpenAPI 3.1 speaks).
 */
export function answerChecks(document: ContractDocument): (path: string, method: string) => AnswerCheck {
  const ajv = new Ajv2020.default({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document as object, 'api');
  const pointer = (parts: readonly string[]) =>
    `api#/${parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;

  return (path, method) => async (response, said) => {
    const operation = (document.paths?.[path] as Readonly<Record<string, Operation>> | undefined)?.[method];
    const answer = operation?.responses[String(response.status)];
    if (!answer) return [`${response.status} is not documented`];
    const place =
      '$ref' in answer
        ? String(answer.$ref).slice(2).split('/')
        : ['paths', path, method, 'responses', String(response.status)];
    const text = await response.text();
    const content = contentAt(document, place);
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    if (content === undefined) return text === '' ? [] : ['content where none is documented'];
    if (!(type in content))
      return [`content of the type "${type}", documented is ${Object.keys(content).join(' or ')}`];
    const fits = ajv.getSchema(pointer([...place, 'content', type, 'schema']));
    const json = JSON.parse(text);
    const unfit = fits?.(json) ? [] : [`the body does not fit: ${ajv.errorsText(fits?.errors)}`];
    return [...unfit, ...(said ? unsaid(response, json, said) : [])];
  };
}

function unsaid(
  response: Response,
  body: { error: string; error_description: string },
  { scope, error, description }: Said,
): string[] {
  const challenge = readChallenge(response);
  const words =
    typeof description === 'string' ? body.error_description === description : description.test(body.error_description);
  return [
    ...(challenge.error === error ? [] : [`the challenge says ${challenge.error}`]),
    ...(scope === undefined || (challenge.scope ?? '') === scope.join(' ')
      ? []
      : [`the challenge asks for "${challenge.scope}"`]),
    ...(challenge.error === undefined || challenge.error === body.error ? [] : [`the body says ${body.error}`]),
    ...(words ? [] : [`the body says "${body.error_description}"`]),
  ];
}

function contentAt(document: object, place: readonly string[]): Readonly<Record<string, object>> | undefined {
  const found = place.reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
  return (found as { content?: Record<string, object> } | undefined)?.content;
}
