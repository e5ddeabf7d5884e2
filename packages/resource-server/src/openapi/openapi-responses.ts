import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import type { DeclaredRoute } from '../koa/route-declaration.ts';
import { namedScopes } from '../requirement/requirement.ts';

const refusalSchema = z.object({ error: z.string(), error_description: z.string() }).meta({ id: 'Refusal' });

const problemSchema = z
  .object({
    type: z.string().meta({ example: 'about:blank' }),
    title: z.string().meta({ example: 'Not Found' }),
    status: z.int().min(100).max(599).meta({ example: 404 }),
    detail: z.string().optional(),
    errors: z
      .array(z.object({ pointer: z.string().optional(), parameter: z.string().optional(), detail: z.string() }))
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

const challenge = { 'WWW-Authenticate': { description: 'RFC 6750, section 3', schema: { type: 'string' } } } as const;
const retryAfter = { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } } as const;

/** Named by what they are, referred to by the operations that can answer so. */
export const sharedResponses = {
  BadRequest: {
    description: 'The request is malformed',
    content: {
      'application/json': {
        schema: refusalSchema,
        examples: { query: example('invalid_request', 'The access token belongs in the Authorization header') },
      },
      'application/problem+json': {
        schema: problemSchema,
        example: problemExample(400, 'The query string does not fit', [
          { parameter: 'limit', detail: 'expected a number' },
        ]),
      },
    },
  },
  Unauthorized: refusal('No token, a bad one, or the sign-in is too old or too weak', challenge, {
    none: example('unauthorized', 'Not authenticated'),
    expired: example('invalid_token', 'Token expired'),
    bad: example('invalid_token', 'Invalid token'),
  }),
  NotFound: problem('There is no such thing for the caller', problemExample(404, 'No such thing has this address')),
  ContentTooLarge: problem('The body is too large', problemExample(413, 'The body must not exceed 102400 bytes')),
  UnsupportedMediaType: problem(
    'The body is not JSON',
    problemExample(415, 'The body must be application/json in UTF-8, without Content-Encoding'),
  ),
  UnprocessableContent: problem(
    'The body does not fit; `errors` names each member',
    problemExample(422, 'The body does not fit', [{ pointer: '#/title', detail: 'expected a string' }]),
  ),
  TooManyRequests: refusal('This caller has asked too often', retryAfter, {
    limited: example('too_many_requests', 'Too many requests'),
  }),
  Unavailable: refusal('Tokens cannot be verified at the moment', retryAfter, {
    away: example('temporarily_unavailable', 'Tokens cannot be verified at the moment'),
  }),
} satisfies Record<string, ZodOpenApiResponseObject>;

export function openApiResponses(
  { declaration, requirement }: DeclaredRoute,
  rateLimited: boolean,
): ZodOpenApiResponsesObject {
  const { params, query, body, response, status = response ? 200 : 204, problems = [] } = declaration;
  const guarded = requirement.mode !== 'none';
  const forbidden = guarded ? forbiddenOf(requirement) : undefined;
  return {
    [`${status as 200}`]: {
      description: STATUS_CODES[status] ?? '',
      ...(response && { content: { 'application/json': { schema: response } } }),
    },
    ...Object.fromEntries(
      problems.map((each) => [String(each), problem(STATUS_CODES[each] ?? '', problemExample(each))]),
    ),
    ...((guarded || query || body) && { 400: reference('BadRequest') }),
    ...(guarded && { 401: reference('Unauthorized'), 503: reference('Unavailable') }),
    ...(guarded && rateLimited && { 429: reference('TooManyRequests') }),
    ...(forbidden && { 403: forbidden }),
    ...(params && { 404: reference('NotFound') }),
    ...(body && {
      413: reference('ContentTooLarge'),
      415: reference('UnsupportedMediaType'),
      422: reference('UnprocessableContent'),
    }),
  };
}

/** What this operation's 403 says, by example. */
function forbiddenOf(requirement: DeclaredRoute['requirement']): ZodOpenApiResponseObject | undefined {
  const { person, claims, rules } = requirement;
  const examples = {
    ...Object.fromEntries(
      namedScopes(requirement).map((scope) => [
        `without ${scope}`,
        example('insufficient_scope', `Missing required scope: ${scope}`),
      ]),
    ),
    ...(person && { client: example('access_denied', 'This needs a token that a person has granted') }),
    ...(claims.length + rules.length > 0 && { denied: example('access_denied', 'Not enough permissions') }),
  };
  if (Object.keys(examples).length === 0) return undefined;
  return refusal('The token does not allow this', challenge, examples);
}

type Examples = Readonly<Record<string, { readonly value: unknown }>>;

function example(error: string, error_description: string) {
  return { value: { error, error_description } };
}

function reference(name: keyof typeof sharedResponses) {
  return { $ref: `#/components/responses/${name}` } as const;
}

function refusal(
  description: string,
  headers: NonNullable<ZodOpenApiResponseObject['headers']>,
  examples: Examples,
): ZodOpenApiResponseObject {
  return { description, headers, content: { 'application/json': { schema: refusalSchema, examples } } };
}

function problem(description: string, example: object): ZodOpenApiResponseObject {
  return {
    description,
    content: { 'application/problem+json': { schema: problemSchema, example } },
  };
}

function problemExample(status: number, detail?: string, errors?: readonly object[]) {
  const value = { type: 'about:blank', title: STATUS_CODES[status] ?? '', status };
  return { ...value, ...(detail !== undefined && { detail }), ...(errors && { errors }) };
}
