import Koa from 'koa';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { listen } from './listener.ts';
import { requestLog } from './request-log.ts';

/** What is logged while an app answers one request. */
async function logOf(path: string, answer: Koa.Middleware) {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({}, { write: (line) => lines.push(JSON.parse(line)) });
  const app = new Koa();
  app.use(
    requestLog(logger, async (ctx) => {
      ctx.status = 500;
      ctx.body = 'the error page';
    }),
  );
  app.use(answer);
  await using listener = await listen({ handler: app.callback(), host: '127.0.0.1', port: 0 });
  const response = await fetch(`http://127.0.0.1:${listener.port}${path}`);
  return { lines, body: await response.text() };
}

const ok: Koa.Middleware = (ctx) => {
  ctx.body = 'ok';
};

test('a request is one line: method, path, status and time', async () => {
  const { lines } = await logOf('/token', ok);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 30, method: 'GET', path: '/token', status: 200, msg: 'GET /token 200' });
  expect(lines[0]?.ms).toBeTypeOf('number');
});

test('the query is left out: codes and tokens live there', async () => {
  const { lines } = await logOf('/callback?code=secret-code', ok);
  expect(JSON.stringify(lines)).not.toContain('secret-code');
});

test.each(['/livez', '/readyz', '/metrics', '/assets/style-1.css'])('%s is not logged', async (path) => {
  expect((await logOf(path, ok)).lines).toEqual([]);
});

test('an unexpected error is logged with its cause and answered by the error page', async () => {
  const { lines, body } = await logOf('/broken', () => {
    throw new Error('the disk is full');
  });
  expect(body).toBe('the error page');
  expect(lines[0]).toMatchObject({ level: 50, err: { message: 'the disk is full' }, msg: 'request failed' });
  expect(lines[1]).toMatchObject({ level: 30, status: 500 });
});

test('a refusal (4xx) is answered by the error page and is no error of ours', async () => {
  const { lines } = await logOf('/refused', (ctx) => ctx.throw(404));
  expect(lines.map(({ level }) => level)).toEqual([30]);
});

test('long random parts of an address are cut: they may open something', async () => {
  const { lines } = await logOf('/interaction/kz6FtRmp0W2-HY9zyEezxmIkvKnb8UR9wf9hgZxFPGp/login', ok);
  expect(lines[0]).toMatchObject({ path: '/interaction/kz6FtR…/login' });
});

test('a body that does not unpack is the sender’s mistake', async () => {
  const { lines } = await logOf('/form', () => {
    throw Object.assign(new Error('incorrect header check'), { code: 'Z_DATA_ERROR' });
  });
  expect(lines.map(({ level }) => level)).toEqual([30]);
});
