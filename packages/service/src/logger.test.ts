import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** What a program prints whose logger gets these fields. */
function logged(fields: Record<string, unknown>, level = 'info'): string {
  const program = `
    import { createLogger } from ${JSON.stringify(import.meta.resolve('./logger.ts'))};
    createLogger('test', ${JSON.stringify(level)}).info(${JSON.stringify(fields)}, 'said');`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
}

test('an entry is one JSON line with the name of the app', () => {
  const lines = logged({ account: 'a1' }).trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ name: 'test', level: 30, account: 'a1', msg: 'said' });
});

test('secrets never reach the log, at the top or one level down', () => {
  const secrets = {
    password: 's1',
    code: 's2',
    'set-cookie': 's3',
    body: { client_secret: 's4', refresh_token: 's5' },
    headers: { authorization: 's6', cookie: 's7' },
  };
  const text = logged(secrets);
  expect(text).not.toMatch(/s[1-7]"/);
  expect(text.match(/\[secret\]/g)).toHaveLength(7);
});

test('silent is silent', () => {
  expect(logged({}, 'silent')).toBe('');
});

test('what is logged during a request carries its trace and span', () => {
  const program = `
    import { createLogger } from ${JSON.stringify(import.meta.resolve('./logger.ts'))};
    import { traceContext } from ${JSON.stringify(import.meta.resolve('./trace-context.ts'))};
    const logger = createLogger('test', 'info');
    const ctx = { state: {}, get: (name) => ({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' })[name] ?? '' };
    await traceContext()(ctx, async () => logger.info({ span: ctx.state.trace.spanId }, 'said'));
    logger.info({}, 'said afterwards');`;
  const text = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  const [during, afterwards] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(during).toMatchObject({ trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: during.span });
  expect(afterwards).not.toHaveProperty('trace_id');
});
