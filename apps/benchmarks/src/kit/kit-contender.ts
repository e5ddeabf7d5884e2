import { fileURLToPath } from 'node:url';
import { freePort } from '@latchkey/database/testing';
import type { Asked, Rival } from '../contenders/contender.ts';
import type { Cores } from '../contenders/cores.ts';
import { startProcess } from '../contenders/server-process.ts';
import { type Framework, type GuardKind, type GuardTask, note, path, scope } from './guard-task.ts';
import type { KitIssuer } from './kit-issuer.ts';

/** A server that is behind a guard, or behind none. */
export interface GuardedServer extends Asked, AsyncDisposable {
  readonly host: string;
}

/** Connections need nothing of their own: they are told apart by their number. */
export interface KitContender extends Rival<GuardedServer, number> {
  readonly guard: GuardKind;
}

/** The guards that there are for each framework, its own server without one first. */
export const guardsFor: Readonly<Record<Framework, readonly GuardKind[]>> = {
  koa: ['none', 'kit', 'kit with cache', 'peer'],
  express: ['none', 'kit', 'kit with cache', 'peer'],
  fastify: ['none', 'kit', 'kit with cache', 'peer', 'peer with cache'],
  hono: ['none', 'kit', 'kit with cache'],
  node: ['none', 'kit', 'kit with cache'],
};

/** What people take without the kit. */
export const peerNames: Readonly<Partial<Record<Framework, string>>> = {
  koa: 'koa-jwt + jwks-rsa',
  express: 'express-oauth2-jwt-bearer',
  fastify: '@fastify/jwt + jwks-rsa',
};

export interface ServerOptions {
  readonly framework: Framework;
  readonly guard: GuardKind;
  readonly issuer: KitIssuer;
  readonly cores: Cores | undefined;
}

const program = fileURLToPath(import.meta.resolve('./guarded-process.ts'));

/** Starts one, and makes sure that it guards what it says: no guard is quick by looking away. */
export async function startContender(options: ServerOptions, connections: number): Promise<KitContender> {
  const { framework, guard, issuer, cores } = options;
  const port = await freePort();
  const task: GuardTask = { framework, guard, port, issuer: issuer.issuer, jwksUri: issuer.jwksUri };
  const child = startProcess({
    command: [program, JSON.stringify(task)],
    environment: { NODE_ENV: 'production' },
    cores,
  });
  const host = `127.0.0.1:${port}`;
  try {
    await assertGuards(`http://${host}${path}`, options, child.stillRuns);
  } catch (error) {
    await child.stop();
    throw error;
  }
  const name = `${framework}, ${guard === 'none' ? 'unguarded' : guard}`;
  const visitors = Array.from({ length: connections }, (_, index) => index);
  const server = { port, host, cpuSeconds: child.cpuSeconds, [Symbol.asyncDispose]: child.stop };
  return { name, guard, server, visitors };
}

async function assertGuards(url: string, { framework, guard, issuer }: ServerOptions, stillRuns: () => void) {
  const open = guard === 'none';
  const good = await issuer.accessToken('ES256', `openid ${scope}`);
  const cases = [
    { what: 'without a token', expected: open ? [200] : [401] },
    { what: 'without the scope', token: await issuer.accessToken('ES256', 'openid'), expected: open ? [200] : [403] },
    { what: 'with a broken signature', token: broken(good), expected: open ? [200] : [401] },
    { what: 'with a token', token: good, expected: [200] },
  ];
  for (const { what, token, expected } of cases) {
    const response = await firstAnswer(url, token, stillRuns);
    const body = await response.text();
    const asExpected = expected.includes(response.status) && (response.status !== 200 || body === JSON.stringify(note));
    if (!asExpected) throw new Error(`${framework}, ${guard}, ${what}: ${response.status} ${body}`);
  }
}

/** The first character of the signature: the last one may be padding only. */
function broken(token: string): string {
  const at = token.lastIndexOf('.') + 1;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

async function firstAnswer(url: string, token: string | undefined, stillRuns: () => void): Promise<Response> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  for (;;) {
    stillRuns();
    const response = await fetch(url, { headers }).catch(() => undefined);
    if (response) return response;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
