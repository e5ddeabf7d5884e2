import { once } from 'node:events';
import { get, type IncomingMessage, type RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { AddressInUseError, listen } from './listener.ts';

const answer: RequestListener = (_request, response) => {
  response.end('hello');
};

async function ask(host: string, port: number): Promise<IncomingMessage> {
  const [response] = (await once(get({ host, port, agent: false }), 'response')) as [IncomingMessage];
  response.resume();
  return response;
}

test('localhost answers on both loopback addresses, since browsers choose either', async () => {
  await using listener = await listen({ handler: answer, host: 'localhost', port: 0 });
  expect((await ask('127.0.0.1', listener.port)).statusCode).toBe(200);
  expect((await ask('::1', listener.port)).statusCode).toBe(200);
});

test('any other host is bound as it is given', async () => {
  await using listener = await listen({ handler: answer, host: '127.0.0.1', port: 0 });
  expect((await ask('127.0.0.1', listener.port)).statusCode).toBe(200);
  await expect(ask('::1', listener.port)).rejects.toThrow('ECONNREFUSED');
});

test('a taken port is refused with the setting that chooses another', async () => {
  await using other = await listen({ handler: answer, host: '127.0.0.1', port: 0 });
  const start = listen({ handler: answer, host: 'localhost', port: other.port, portSetting: 'TODOS_API_PORT' });
  await expect(start).rejects.toThrow(AddressInUseError);
  await expect(start).rejects.toThrow(/^Port \d+ is taken by another program\..* with TODOS_API_PORT\.$/);
});

test('a port taken on the IPv6 loopback alone is refused too, and the other address is let go', async () => {
  await using other = await listen({ handler: answer, host: '::1', port: 0 });
  await expect(listen({ handler: answer, host: 'localhost', port: other.port })).rejects.toThrow(AddressInUseError);
  await expect(ask('127.0.0.1', other.port)).rejects.toThrow('ECONNREFUSED');
});

test('closing lets a running request finish', async () => {
  const { promise: arrived, resolve: onArrival } = Promise.withResolvers<() => void>();
  const listener = await listen({
    handler: (_request, response) => onArrival(() => response.end('finished')),
    host: '127.0.0.1',
    port: 0,
  });
  const asked = ask('127.0.0.1', listener.port);
  const finish = await arrived;
  const closed = listener.close(30_000);
  finish();
  expect((await asked).statusCode).toBe(200);
  await closed;
  await expect(ask('127.0.0.1', listener.port)).rejects.toThrow('ECONNREFUSED');
});

test('closing cuts a request that outlasts its grace', async () => {
  const { promise: arrived, resolve: onArrival } = Promise.withResolvers<void>();
  const listener = await listen({ handler: () => onArrival(), host: '127.0.0.1', port: 0 });
  const asked = expect(ask('127.0.0.1', listener.port)).rejects.toThrow('socket hang up');
  await arrived;
  await listener.close(1);
  await asked;
});
