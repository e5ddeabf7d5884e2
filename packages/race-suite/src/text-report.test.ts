import { expect, test } from 'vitest';
import { findingOf, untried } from './finding.ts';
import type { RaceReport } from './race-report.ts';
import { broken, held, nothing } from './showing.ts';
import { textReport } from './text-report.ts';

const once = { says: 'a code buys tokens once', from: 'RFC 6749 §4.1.2', level: 'must' } as const;
const replay = { says: 'a replay ends the token', from: 'RFC 6749 §4.1.2', level: 'should' } as const;
const pushed = { says: 'a pushed request gives one code', from: 'RFC 9126 §4', level: 'should' } as const;

const report: RaceReport = {
  issuer: 'https://id.example',
  clientId: 'race',
  rounds: 2,
  parallel: 600,
  grace: 0,
  verdict: 'did not hold',
  findings: [
    findingOf('codes', once, [
      { showing: broken('the code ab… was accepted 2 times of 600'), answers: { '200': 2, '400 invalid_grant': 598 } },
      { showing: nothing('nobody was accepted: 600 × 429'), answers: { '429': 600 } },
    ]),
    findingOf('codes', replay, [{ showing: held, answers: { '400 invalid_grant': 1 } }]),
    untried('par', pushed, 'skipped', 'the server takes no pushed authorization requests'),
  ],
  requests: 1234,
  seconds: 2.04,
  requestsPerSecond: 605,
};

test('the report is a table, then what went wrong, then what it comes to', () => {
  expect(`${textReport(report)}\n`).toBe(`https://id.example
client race, 2 rounds of 600 at once, no grace

✗ did not hold  codes  a code buys tokens once          RFC 6749 §4.1.2  must    0/2  2 × 200, 600 × 429, 598 × 400 invalid_grant
✓ held                 a replay ends the token          RFC 6749 §4.1.2  should  1/1  1 × 400 invalid_grant
– skipped       par    a pushed request gives one code  RFC 9126 §4      should       the server takes no pushed authorization requests

codes: a code buys tokens once (RFC 6749 §4.1.2)
  round 1: the code ab… was accepted 2 times of 600
  told nothing in 1 of 2 rounds: nobody was accepted: 600 × 429

Not everything held: 1 held, 1 did not hold, 1 skipped.
1,234 requests in 2.0 s, 605 a second.
`);
});
