import type { Context } from 'koa';
import type { z } from 'zod';
import type { Refusal } from '../refusal/refusals.ts';
import type { AuthenticationMode, Guard } from '../requirement/guard.ts';
import type { Requirement } from '../requirement/requirement.ts';
import type { Authorization } from '../resource-server.ts';
import type { Problem } from './problem.ts';

/** One object says what a route takes, whom it lets in and what it gives; checks, types and document follow from it. */
export interface RouteDeclaration<Scope extends string = string> extends Guard<Scope> {
  /** Default `required`. */
  readonly auth?: AuthenticationMode;
  readonly summary?: string;
  readonly description?: string;
  readonly operationId?: string;
  /** Of the path; a value that does not fit names nothing, so it is a 404. */
  readonly params?: z.ZodObject;
  /** Of the query string; a value that does not fit is a 400. */
  readonly query?: z.ZodObject;
  /** Of the JSON body; a value that does not fit is a 422. */
  readonly body?: z.ZodType;
  /** Of the answer, which is reduced to it. Without one the answer is empty (204). */
  readonly response?: z.ZodType;
  /** Of the answer when all went well. Default 200, or 204 without `response`. */
  readonly status?: number;
  /** Further failures that the handler may answer, for the document: 409, 412. */
  readonly problems?: readonly number[];
  readonly deprecated?: boolean;
  /** For the document: groups operations. */
  readonly tags?: readonly string[];
}

type OutputOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;
type AuthOf<Mode, User> = Mode extends 'none'
  ? undefined
  : Mode extends 'optional'
    ? Authorization<User> | undefined
    : Authorization<User>;

export interface RouteContext<Declaration, User = undefined> {
  /** Who is calling: always there unless the route is declared `optional` or `none`. */
  readonly auth: Declaration extends { readonly auth: infer Mode } ? AuthOf<Mode, User> : Authorization<User>;
  readonly params: Declaration extends { readonly params: infer Schema } ? OutputOf<Schema> : undefined;
  readonly query: Declaration extends { readonly query: infer Schema } ? OutputOf<Schema> : undefined;
  readonly body: Declaration extends { readonly body: infer Schema } ? OutputOf<Schema> : undefined;
  /** For what the declaration does not know, such as headers of the answer. */
  readonly koa: Context;
}

type ResultOf<Declaration> = Declaration extends { readonly response: infer Schema extends z.ZodType }
  ? z.input<Schema>
  : // NOTE: without a schema anything goes out as JSON, and nothing is 204.
    unknown;

type RouteResult<Declaration> = ResultOf<Declaration> | Problem | Refusal;

/** Gives the answer's content, or a problem or refusal in its place. What it throws becomes a 500. */
export type RouteHandler<Declaration, User = undefined> = (
  context: RouteContext<Declaration, User>,
) => RouteResult<Declaration> | Promise<RouteResult<Declaration>>;

/** A route as its document sees it. */
export interface DeclaredRoute {
  readonly method: string;
  /** With the prefixes of the routers around it: `/api/todos/:id`. */
  readonly path: string;
  readonly declaration: RouteDeclaration;
  /** With the guards of the routers around it. */
  readonly requirement: Requirement;
}
