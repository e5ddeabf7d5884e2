import { expect, test } from 'vitest';
import type { GuardKind } from './guard-task.ts';
import type { KitContender } from './kit-contender.ts';
import { kitFindings } from './kit-findings.ts';
import type { KitScenario } from './kit-scenarios.ts';

const scenario: KitScenario = { name: 'one_token', title: '1 token', prepare: async () => async () => false };
const server = { port: 1, host: 'x', cpuSeconds: () => undefined, [Symbol.asyncDispose]: async () => {} };
const contender = (guard: GuardKind): KitContender => ({ name: guard, guard, server, visitors: [] });
const measured = (...speeds: number[]) =>
  speeds.map((perSecond) => ({ perSecond: 7, cpuPerUnit: 1 / perSecond, began: 0n, ended: 0n }));

const near = (value: number) => expect.closeTo(value, 9);

test('each guard is compared with none, round by round, and the kit without a cache with its peer, too', () => {
  const [none, kit, cached, peer] = (['none', 'kit', 'kit with cache', 'peer'] as const).map(contender) as [
    KitContender,
    KitContender,
    KitContender,
    KitContender,
  ];
  const series = new Map([
    [
      scenario,
      new Map([
        [none, measured(100, 200, 400)],
        [kit, measured(20, 30, 40)],
        [cached, measured(90, 172, 320)],
        [peer, measured(10, 20, 80)],
      ]),
    ],
  ]);
  expect(kitFindings('koa', series, [none, kit, cached, peer])).toMatchObject([
    {
      guard: 'kit',
      byCore: { median: near(0.15) },
      toPeer: { min: near(0.5), median: near(1.5), max: near(2) },
      reached: true,
    },
    {
      guard: 'kit with cache',
      toUnguarded: { median: 1 },
      byCore: { min: near(0.8), median: near(0.86), max: near(0.9) },
      aim: '0.85',
      reached: true,
    },
    { guard: 'peer', perSecond: 7, unguardedPerSecond: 7 },
  ]);
});
