import { expect, test } from 'vitest';
import { type Finding, findingOf, reasonOf, untried } from './finding.ts';
import { RaceFailure } from './race-failure.ts';
import { verdictOf } from './race-report.ts';
import { broken, held, nothing, type Showing } from './showing.ts';

const rule = { says: 'a code buys tokens once', from: 'RFC 6749 §4.1.2', level: 'must' } as const;
const finding = (...showings: Showing[]) =>
  findingOf(
    'codes',
    rule,
    showings.map((showing) => ({ showing, answers: { '200': 1 } })),
  );

test('one round that breaks the rule is enough, and the first few are told', () => {
  const all = [held, broken('a'), nothing('x'), broken('b'), broken('c'), broken('d')];
  expect(finding(...all)).toMatchObject({
    verdict: 'did not hold',
    rounds: { held: 1, broken: 4, nothing: 1 },
    answers: { '200': 6 },
    counterexamples: ['round 2: a', 'round 4: b', 'round 5: c'],
  });
});

test('it held where something was seen of it, and silence proves nothing', () => {
  expect(finding(held, nothing('the server was away'))).toMatchObject({
    verdict: 'held',
    because: 'the server was away',
  });
  expect(finding(nothing('the server was away')).verdict).toBe('could not tell');
  expect(finding().verdict).toBe('could not tell');
});

test('the whole holds when nothing that must hold failed, all of it was seen, and there was something to see', () => {
  const recommended = (each: Finding): Finding => ({ ...each, level: 'should' });
  const skipped = untried('par', rule, 'skipped', 'not offered');
  expect(verdictOf([finding(held), skipped, recommended(finding(broken('a')))])).toBe('held');
  expect(verdictOf([finding(held), finding(nothing('away'))])).toBe('could not tell');
  expect(verdictOf([finding(broken('a')), finding(nothing('away'))])).toBe('did not hold');
  expect(verdictOf([skipped])).toBe('could not tell');
});

test('a mistake of our own is not taken for an answer of the server', () => {
  expect(reasonOf(new RaceFailure('no code'))).toBe('no code');
  expect(() => reasonOf(new TypeError('undefined is not a function'))).toThrow('undefined is not a function');
});
