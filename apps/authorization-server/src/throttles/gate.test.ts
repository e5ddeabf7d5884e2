import { expect, test } from 'vitest';
import { createGate } from './gate.ts';

test('no more than its width are inside, all get through in order, and a failure makes room too', async () => {
  const gate = createGate(2);
  let [inside, most] = [0, 0];
  const order: number[] = [];
  const all = Array.from({ length: 10 }, (_, index) =>
    gate.through(async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(index);
      inside -= 1;
      if (index === 3) throw new Error('stumbled');
    }),
  );
  expect(gate.crowd).toBe(10);
  const outcomes = await Promise.allSettled(all);
  expect(most).toBe(2);
  expect(order).toEqual([...Array(10).keys()]);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect(gate.crowd).toBe(0);
});
