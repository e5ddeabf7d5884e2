import type { ScopeName, todosScopes } from '@latchkey/scope-catalogue';
import type { z } from 'zod';
import type { Todos } from '../todos/todos.ts';

export interface ToolDeclaration<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly title: string;
  /** For the model: when to use it, and what comes back. */
  readonly description: string;
  readonly needs: ScopeName<typeof todosScopes>;
  /** What a host may tell its person before the call. */
  readonly effect: 'reads' | 'adds' | 'changes' | 'destroys';
  readonly input: Input;
  readonly output: Output;
  /** @returns the todos of the owner and nobody else's, or what the model did wrong */
  run(todos: Todos, owner: string, input: z.output<Input>): Promise<z.input<Output> | ToolFailure>;
}

/** The call was understood and cannot be done; the model is told, so that it can do better. */
export interface ToolFailure {
  readonly failure: string;
}

/** A tool as the server holds it: by now nobody needs to know what exactly goes in and comes out. */
export interface Tool extends Omit<ToolDeclaration<z.ZodObject, z.ZodObject>, 'run'> {
  run(todos: Todos, owner: string, input: unknown): Promise<Record<string, unknown> | ToolFailure>;
}

export function tool<Input extends z.ZodObject, Output extends z.ZodObject>(
  declaration: ToolDeclaration<Input, Output>,
): Tool {
  return declaration as unknown as Tool;
}

export function isFailure(result: Record<string, unknown> | ToolFailure): result is ToolFailure {
  return 'failure' in result;
}
