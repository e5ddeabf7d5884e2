import { expect, test } from 'vitest';
import { startSmallTown } from './small-town.ts';

test('a request of the browser and the calls it leads to are one trace', async () => {
  await using town = await startSmallTown();
  const { browser } = await town.signIn();
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
  for (const path of ['/', '/api/todos']) {
    await browser.request(town.url + path, { headers: { traceparent, tracestate: 'rojo=1' } });
    const { headers } = town.api.requests.at(-1) ?? {};
    expect(headers?.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect(headers?.traceparent).not.toBe(traceparent);
    expect(headers?.tracestate).toBe('rojo=1');
  }
});
