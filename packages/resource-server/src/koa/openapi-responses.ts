import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import type { DeclaredRoute } from './route-declaration.ts';

const refusalSchema = z.object({ error: z.string(), error_description: z.string() }).meta({ id: 'Refusal' });

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    errors: z
      .array(z.object({ pointer: z.string().optional(), parameter: z.string().optional(), detail: z.string() }))
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

const challenge = { 'WWW-Authenticate': { description: 'RFC 6750, section 3', schema: { type: 'string' } } } as const;

/** Named by what they are, referred to by the operations that can answer so. */
export const sharedResponses = {
  BadRequest: {
    description: 'The request is malformed',
    content: {
      'application/json': { schema: refusalSchema },
      'application/problem+json': { schema: problemSchema },
    },
  },
  Unauthorized: refusal('No token, a bad one, or the sign-in is too old or too weak', challenge),
  Forbidden: refusal('The token does not allow this', challenge),
  NotFound: problem('There is no such thing for the caller'),
  ContentTooLarge: problem('The body is too large'),
  UnsupportedMediaType: problem('The body is not JSON'),
  UnprocessableContent: problem('The body does not fit; `errors` names each member'),
  Unavailable: refusal('Tokens cannot be verified at the moment', {
    'Retry-After': { description: 'Seconds', schema: { type: 'integer' } },
  }),
} satisfies Record<string, ZodOpenApiResponseObject>;

export function openApiResponses({ declaration, requirement }: DeclaredRoute): ZodOpenApiResponsesObject {
  const { params, query, body, response, status = response ? 200 : 204 } = declaration;
  const { mode, scopes, person } = requirement;
  const guarded = mode !== 'none';
  return {
    [`${status as 200}`]: {
      description: STATUS_CODES[status] ?? '',
      ...(response && { content: { 'application/json': { schema: response } } }),
    },
    ...((guarded || query || body) && { 400: reference('BadRequest') }),
    ...(guarded && { 401: reference('Unauthorized'), 503: reference('Unavailable') }),
    ...(guarded && (scopes.length > 0 || person) && { 403: reference('Forbidden') }),
    ...(params && { 404: reference('NotFound') }),
    ...(body && {
      413: reference('ContentTooLarge'),
      415: reference('UnsupportedMediaType'),
      422: reference('UnprocessableContent'),
    }),
  };
}

function reference(name: keyof typeof sharedResponses) {
  return { $ref: `#/components/responses/${name}` } as const;
}

function refusal(description: string, headers: ZodOpenApiResponseObject['headers']): ZodOpenApiResponseObject {
  return { description, ...(headers && { headers }), content: { 'application/json': { schema: refusalSchema } } };
}

function problem(description: string): ZodOpenApiResponseObject {
  return { description, content: { 'application/problem+json': { schema: problemSchema } } };
}
