import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult, ToolAnnotations } from '@modelcontextprotocol/sdk/types.js';
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation';
import type { Todos } from '../todos/todos.ts';
import { todoTools } from './todo-tools.ts';
import { isFailure, type Tool } from './tool.ts';

export interface TodosMcpOptions {
  readonly todos: Todos;
  /** For the log: something failed that is no fault of the caller. */
  readonly onFailure: (error: unknown, tool: string) => void;
}

const annotations: Readonly<Record<Tool['effect'], ToolAnnotations>> = {
  reads: { readOnlyHint: true },
  adds: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  changes: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
  destroys: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
};

/** An MCP server for one person's todos and one request: nothing of it is kept, so any replica can answer the next. */
export function createTodosMcp({ todos, onFailure }: TodosMcpOptions) {
  return (owner: string): McpServer => {
    const server = new McpServer(
      { name: 'todos', title: 'Todos', version: '1.0.0' },
      { instructions: 'The todo list of the person who has signed in.', jsonSchemaValidator: noForms },
    );
    for (const [name, tool] of Object.entries<Tool>(todoTools)) {
      const { title, description, input, output, effect } = tool;
      server.registerTool(
        name,
        {
          title,
          description,
          inputSchema: input,
          outputSchema: output,
          annotations: { title, openWorldHint: false, ...annotations[effect] },
        },
        (given: unknown) => call(name, tool, owner, given),
      );
    }
    return server;
  };

  async function call(name: string, tool: Tool, owner: string, input: unknown): Promise<CallToolResult> {
    try {
      const result = await tool.run(todos, owner, input);
      if (isFailure(result)) return toolError(result.failure);
      // NOTE: what a schema declares is all that goes out, so that a new column never leaks by itself.
      const structuredContent = await tool.output.parseAsync(result);
      return { structuredContent, content: [{ type: 'text', text: JSON.stringify(structuredContent) }] };
    } catch (error) {
      onFailure(error, name);
      return toolError('This did not work for a reason that is not yours. Try again in a moment.');
    }
  }
}

function toolError(text: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }] };
}

/** The library makes a validator with each server, for forms that a server has people fill in. This one has none. */
const noForms: jsonSchemaValidator = {
  getValidator: () => () => ({ valid: false, data: undefined, errorMessage: 'there are no forms here' }),
};
