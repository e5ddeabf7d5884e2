import { told } from '../answer.ts';
import type { Arrival } from '../browser.ts';
import { RaceFailure } from '../race-failure.ts';
import { broken, held, nothing } from '../showing.ts';
import { volley } from '../traffic.ts';
import { alike, skipped, type Trial } from './trial.ts';

/** One pushed request, opened many times at once in the browser of whoever says yes. */
export const pushedRequestTrial: Trial = {
  name: 'par',
  rules: () => [{ says: 'a pushed request gives one code', from: 'RFC 9126 §4', level: 'should' }],
  unfit: ({ metadata }) =>
    metadata.pushed_authorization_request_endpoint === undefined
      ? skipped('the server takes no pushed authorization requests')
      : undefined,
  plan: (course) =>
    alike(course, async () => {
      const { client, codes, parallel } = course;
      const pushed = await client.push(codes.request().params);
      const { request_uri } = pushed.body;
      if (pushed.kind !== '200') throw new RaceFailure(`the pushed request was answered ${told(pushed)}`);
      const params = new URLSearchParams({ client_id: client.identity.id, request_uri: String(request_uri) });
      const outcomes = await volley(parallel, () => codes.open(params).then(outcomeOf, () => 'network' as const));

      const count = (outcome: string) => outcomes.filter((each) => each === outcome).length;
      const answers = Object.fromEntries([...new Set(outcomes)].map((outcome) => [outcome, count(outcome)]));
      const opened = count('code');
      if (opened > 1) return [{ answers, showing: broken(`a pushed request gave ${opened} codes of ${parallel}`) }];
      if (opened === 0) return [{ answers, showing: nothing('no code came of it') }];
      return [{ answers, showing: count('refused') > 0 ? held : nothing('only one opening was decided') }];
    }),
};

function outcomeOf({ url, isCallback, status }: Arrival): 'code' | 'refused' | '429' | '5xx' {
  if (isCallback && url.searchParams.has('code')) return 'code';
  if (status === 429) return '429';
  return status >= 500 ? '5xx' : 'refused';
}
