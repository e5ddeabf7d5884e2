import type { TodosApiTown } from './todos-api-town.ts';

export interface Posting {
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly body?: NonNullable<RequestInit['body']>;
}

/** What an MCP client sends to a town, or what is like it. */
export function mcpPosts(town: () => TodosApiTown) {
  return {
    tokenFor: (scope: string, claims: Record<string, unknown> = {}) =>
      town().token(scope, { aud: `${town().url}/mcp`, ...claims }),
    post: (message: unknown, { token, headers, body }: Posting = {}) =>
      town().call('/mcp', {
        method: 'POST',
        token,
        headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json', ...headers },
        body: body ?? JSON.stringify(message),
      }),
  };
}
