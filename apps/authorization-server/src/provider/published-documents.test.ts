import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '@latchkey/service';
import Koa from 'koa';
import { expect, test } from 'vitest';
import { publishFromMemory } from './published-documents.ts';

const path = '/.well-known/openid-configuration';
const throughProxy = { 'x-forwarded-proto': 'https' };

/** A server behind a proxy whose engine names its addresses after the request, as the real one does. */
async function startPublishing() {
  const app = new Koa({ proxy: true });
  const { answersAtTheDoor, middleware } = publishFromMemory({ origin: 'https://login.example', onAnswered: () => {} });
  app.use(middleware);
  app.use((ctx) => {
    ctx.body = { issuer: `${ctx.protocol}://${ctx.host}` };
  });
  const house = app.callback();
  const listener = await listen({
    handler: (asked, answer) => void (answersAtTheDoor(asked, answer) || house(asked, answer)),
    host: '127.0.0.1',
    port: 0,
  });
  async function get(headers: Record<string, string> = {}) {
    const asked = request({ port: listener.port, path, headers: { host: 'login.example', ...headers } }).end();
    const answer = await new Promise<IncomingMessage>((resolve) => asked.on('response', resolve));
    return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
  }
  return { get, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() };
}

test('whoever asks first with a copy that is still good takes nothing from the answer of those who come later', async () => {
  await using earlier = await startPublishing();
  const { headers } = await earlier.get(throughProxy);
  await using server = await startPublishing();
  expect((await server.get({ ...throughProxy, 'if-none-match': String(headers.etag) })).status).toBe(304);
  const { status, headers: later, body } = await server.get();
  expect({ status, type: later['content-type'], body: JSON.parse(body) }).toEqual({
    status: 200,
    type: 'application/json; charset=utf-8',
    body: { issuer: 'https://login.example' },
  });
});

test('what was asked for past the proxy is not what the world is told', async () => {
  await using server = await startPublishing();
  expect(JSON.parse((await server.get()).body)).toEqual({ issuer: 'http://login.example' });
  expect(JSON.parse((await server.get(throughProxy)).body)).toEqual({ issuer: 'https://login.example' });
  expect(JSON.parse((await server.get()).body)).toEqual({ issuer: 'https://login.example' });
});
