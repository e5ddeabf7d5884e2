import type { NodeRequest } from '../binding/node-exchange.ts';

/** What is read of a Fastify request, whichever server, schemas and type provider it is from. */
export interface GuardedRequest {
  readonly raw: NodeRequest;
  readonly params: unknown;
}

/** What is written of a Fastify reply. */
export interface GuardedReply {
  code(status: number): unknown;
  headers(headers: Record<string, string>): unknown;
  send(body: string): unknown;
}
