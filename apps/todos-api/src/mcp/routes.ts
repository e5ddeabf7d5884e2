/**
 * The todos for MCP clients, over streamable HTTP: who may call, and which tool a token is good for. It keeps no
 * sessions and opens no streams. The tools are in todo-tools.ts, the todos themselves in todos/.
 */
import {
  isRefusal,
  type Refusal,
  type Requirement,
  type ResourceServer,
  requirementOf,
} from '@latchkey/resource-server';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { Context, Middleware } from 'koa';
import { answerPreflight, mayCall, openToPages } from './browser-access.ts';
import { readMessage, writeJsonRpcError } from './json-rpc.ts';
import { messageNeeds, toolScopes } from './message-needs.ts';
import { createTodosMcp, type TodosMcpOptions } from './todos-mcp.ts';

export interface McpRoutesOptions extends TodosMcpOptions {
  /** Where the endpoint is, which is also its resource identifier. */
  readonly url: string;
  readonly resourceServer: ResourceServer;
}

const ofAPerson = requirementOf([{ subject: 'person' }]);

export function mcpRoutes({ url, resourceServer, ...options }: McpRoutesOptions): Middleware {
  const path = new URL(url).pathname;
  const serverFor = createTodosMcp(options);

  return async function mcp(ctx, next) {
    if (ctx.path !== path) return next();
    ctx.state.route = path;
    if (!mayCall(ctx.get('Origin')))
      return writeJsonRpcError(ctx, { status: 403, code: -32000, message: 'Pages of this origin may not call here' });
    openToPages(ctx);
    if (ctx.method === 'OPTIONS') return answerPreflight(ctx);
    if (ctx.method !== 'POST') return refuseMethod(ctx);

    const person = await resourceServer.authorize(ctx.req, ofAPerson);
    if (isRefusal(person)) return refuse(ctx, person, ofAPerson);
    if (!person) throw new TypeError('a person is required');

    const read = await readMessage(ctx);
    if ('status' in read) return writeJsonRpcError(ctx, read);
    const scopes = messageNeeds(read.message);
    const allowed = await resourceServer.authorize(ctx.req, requirementOf([{ subject: 'person', scopes }]));
    if (isRefusal(allowed)) return refuseTool(ctx, allowed, [...person.scopes, ...scopes]);

    return answer(ctx, person.subject, read.message);
  };

  async function answer(ctx: Context, owner: string, message: unknown): Promise<void> {
    await using server = closing(serverFor(owner));
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    await server.connect(transport);
    const response = await transport.handleRequest(requestOf(ctx), { parsedBody: message });
    ctx.status = response.status;
    ctx.body = await response.text();
    // NOTE: after the body, which would make it text; what was only taken note of is 202 without a body.
    if (response.body) ctx.type = 'json';
    else ctx.remove('Content-Type');
  }

  /** NOTE: the library sees neither the token nor the address it came from: a tool needs to know whose todos, no more. */
  function requestOf(ctx: Context): Request {
    const seen = ['Accept', 'Content-Type', 'MCP-Protocol-Version'];
    const headers = seen.map((name): [string, string] => [name, ctx.get(name)]).filter(([, value]) => value !== '');
    return new Request(url, { method: 'POST', headers });
  }

  function refuse(ctx: Context, refusal: Refusal, requirement: Requirement): void {
    const { status, headers, body } = resourceServer.answer(refusal, requirement);
    ctx.status = status;
    ctx.body = body;
    // NOTE: after the body, which may have brought a type of its own.
    ctx.set({ ...headers });
  }

  /**
   * RFC 6750, section 3: the challenge names the scopes to ask for. To those of the tool come those that the token has, so
   * that a client which asks for just these loses nothing.
   */
  function refuseTool(ctx: Context, refusal: Refusal, scopes: readonly string[]): void {
    const toAskFor = toolScopes.filter((scope) => scopes.includes(scope));
    const widened = { ...refusal, scopes: toAskFor };
    refuse(ctx, widened, requirementOf([{ scopes: toAskFor }]));
  }
}

/** There is nothing that this server would say unasked, so no stream to open with GET, and no session to end with DELETE. */
function refuseMethod(ctx: Context): void {
  ctx.set('Allow', 'POST');
  writeJsonRpcError(ctx, { status: 405, code: -32000, message: 'Only POST is answered here' });
}

function closing<Server extends { close(): Promise<void> }>(server: Server): Server & AsyncDisposable {
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.close() });
}
