import { todoTools } from './todo-tools.ts';

/** The scopes that this room's tools need: what a client is told to ask for. */
export const toolScopes = [...new Set(Object.values(todoTools).map(({ needs }) => needs))];

/**
 * The scopes without which a JSON-RPC message is not answered: those of the tool that it calls. To say hello and to see
 * which tools there are needs none, and neither does what will fail anyway.
 */
export function messageNeeds(message: unknown): readonly (typeof toolScopes)[number][] {
  const { method, params } = asRecord(message);
  const { name } = asRecord(params);
  if (method !== 'tools/call' || typeof name !== 'string' || !Object.hasOwn(todoTools, name)) return [];
  return [todoTools[name as keyof typeof todoTools].needs];
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
