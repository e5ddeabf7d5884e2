import { expect, test } from 'vitest';
import { type Answer, answerOf, noAnswer } from './answer.ts';
import { allDead, allRefused, atMostOneAccepted, losersAreTold, oneLine, oneSuccessor } from './showing.ts';

const answer = (status: number, body: object = {}): Answer =>
  answerOf({ status, headers: new Headers(), text: JSON.stringify(body) });
const tokens = (refresh_token = 'a refresh token of some length') => answer(200, { refresh_token });
const refused = answer(400, { error: 'invalid_grant' });
const throttled = answer(429);
const lost = noAnswer(new Error('no'));

test('of uses at one time one may be accepted, and only where another was refused has there been a race', () => {
  expect(atMostOneAccepted([refused, tokens(), refused], 'it')).toEqual({ kind: 'held' });
  expect(atMostOneAccepted([tokens(), tokens('another refresh token of some length')], 'the code x')).toEqual({
    kind: 'broken',
    how: 'the code x was accepted 2 times of 2; refresh tokens a re…ngth, anot…ngth',
  });
  expect(atMostOneAccepted([refused, refused], 'it').kind).toBe('nothing');
  expect(atMostOneAccepted([tokens(), throttled, lost], 'it')).toEqual({
    kind: 'nothing',
    why: 'only one use was decided: 1 × 200, 1 × 429, 1 × network',
  });
});

test('whoever comes late is told invalid_grant; what was held up or lost on the way says nothing', () => {
  expect(losersAreTold([tokens(), refused, throttled, lost])).toEqual({ kind: 'held' });
  expect(losersAreTold([tokens(), refused, answer(500, { error: 'server_error' })])).toEqual({
    kind: 'broken',
    how: 'a use that came late was answered 500 server_error',
  });
  expect(losersAreTold([tokens(), answer(401, { error: 'invalid_client' })]).kind).toBe('broken');
  expect(losersAreTold([tokens(), throttled]).kind).toBe('nothing');
});

test('a spent token is refused each time, with the right word', () => {
  expect(allRefused([refused, refused, throttled], 'it')).toEqual({ kind: 'held' });
  expect(allRefused([refused, tokens()], 'it')).toEqual({ kind: 'broken', how: 'it was accepted 1 times of 2' });
  expect(allRefused([refused, answer(400, { error: 'invalid_request' })], 'it')).toEqual({
    kind: 'broken',
    how: 'it was answered 400 invalid_request',
  });
  expect(allRefused([throttled, lost], 'it').kind).toBe('nothing');
});

test('dead is what is refused in whatever words; silence is not death', () => {
  expect(allDead([refused, answer(401)], 'it')).toEqual({ kind: 'held' });
  expect(allDead([refused, tokens()], 'it')).toEqual({ kind: 'broken', how: 'it: 1 of 2 still worked' });
  expect(allDead([refused, answer(503)], 'it').kind).toBe('nothing');
  expect(allDead([], 'it').kind).toBe('nothing');
});

test('within a grace all get one successor', () => {
  expect(oneSuccessor([tokens(), tokens(), throttled], 'it')).toEqual({ kind: 'held' });
  expect(oneSuccessor([tokens(), tokens('another refresh token of some length')], 'it')).toEqual({
    kind: 'broken',
    how: 'it got 2 successors: a re…ngth, anot…ngth',
  });
  expect(oneSuccessor([tokens(), refused], 'it')).toMatchObject({ kind: 'broken' });
  expect(oneSuccessor([tokens(), lost], 'it').kind).toBe('nothing');
});

test('one line may live on, or none', () => {
  expect(oneLine([tokens(), refused], 'it')).toEqual({ kind: 'held' });
  expect(oneLine([refused], 'it')).toEqual({ kind: 'held' });
  expect(oneLine([tokens(), tokens()], 'it')).toEqual({
    kind: 'broken',
    how: 'it: 2 lines live on beside one another',
  });
  expect(oneLine([tokens(), lost], 'it').kind).toBe('nothing');
  expect(oneLine([], 'it').kind).toBe('nothing');
});
