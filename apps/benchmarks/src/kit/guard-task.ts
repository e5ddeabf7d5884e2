import type { Server } from 'node:http';

export const frameworks = ['koa', 'express', 'fastify', 'hono', 'node'] as const;
export type Framework = (typeof frameworks)[number];

/**
 * What stands before the answer: nothing; our kit as it comes; our kit that remembers verified tokens; what the
 * framework's users take otherwise, as its documentation shows it; the same with its own memory for tokens.
 */
export const guards = ['none', 'kit', 'kit with cache', 'peer', 'peer with cache'] as const;
export type GuardKind = (typeof guards)[number];

/** What the process of a guarded server is told. */
export interface GuardTask {
  readonly framework: Framework;
  readonly guard: GuardKind;
  readonly port: number;
  readonly issuer: string;
  readonly jwksUri: string;
}

/** The same API in one framework, behind each guard that there is for it. It listens on the task's port. */
export type FrameworkApp = (task: GuardTask) => Server | Promise<Server>;

export const resource = 'https://api.example';
export const scope = 'read:notes';
export const path = '/notes/1';

/** The whole of the API. */
export const note = { id: '1', title: 'Buy milk' } as const;
