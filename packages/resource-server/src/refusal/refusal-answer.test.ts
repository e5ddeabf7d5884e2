import { expect, test } from 'vitest';
import { answerRefusal } from './refusal-answer.ts';
import {
  accessDenied,
  insufficientAuthentication,
  insufficientScope,
  invalidProof,
  nonceRequired,
  notAuthenticated,
  tokenExpired,
  tooManyRequests,
  verificationUnavailable,
} from './refusals.ts';

const context = { realm: 'api', metadataUrl: 'https://x/m', scopes: ['a', 'b'], bearer: true };
const both = { ...context, dpopAlgorithms: ['ES256', 'EdDSA'] };
const common = 'Bearer realm="api", scope="a b", resource_metadata="https://x/m"';

test('each scheme in use has a challenge, and the error stands in that of the scheme which was used', () => {
  const challenge = (...of: Parameters<typeof answerRefusal>) => answerRefusal(...of).headers['WWW-Authenticate'];
  expect(challenge(notAuthenticated(), context, 'oauth')).toBe(common);
  expect(challenge(notAuthenticated(), both, 'oauth')).toBe(`${common}, DPoP algs="ES256 EdDSA"`);
  const expired = 'error="invalid_token", error_description="Token expired"';
  expect(challenge(tokenExpired(), both, 'oauth')).toBe(`${common}, ${expired}, DPoP algs="ES256 EdDSA"`);
  expect(challenge({ ...tokenExpired(), scheme: 'dpop' }, both, 'oauth')).toBe(
    `${common}, DPoP algs="ES256 EdDSA", ${expired}`,
  );
  expect(challenge(invalidProof(), both, 'oauth')).toContain('DPoP algs="ES256 EdDSA", error="invalid_dpop_proof"');
});

test('where only bound tokens are taken, there is one challenge with everything in it', () => {
  const { headers } = answerRefusal(tokenExpired(), { ...both, bearer: false }, 'oauth');
  expect(headers['WWW-Authenticate']).toBe(
    'DPoP realm="api", scope="a b", resource_metadata="https://x/m", algs="ES256 EdDSA", error="invalid_token", error_description="Token expired"',
  );
});

test('a nonce, a pause and a step-up travel where their specifications say', () => {
  expect(answerRefusal(nonceRequired('n'), both, 'oauth')).toMatchObject({
    status: 401,
    headers: { 'DPoP-Nonce': 'n', 'WWW-Authenticate': expect.stringContaining('error="use_dpop_nonce"') },
  });
  const limited = answerRefusal(tooManyRequests(1.2, { RateLimit: 'x' }), both, 'oauth');
  expect(limited).toMatchObject({ status: 429, headers: { 'Retry-After': '2', RateLimit: 'x' } });
  expect(limited.headers).not.toHaveProperty('WWW-Authenticate');
  expect(answerRefusal(verificationUnavailable(3), both, 'oauth')).toMatchObject({ status: 503 });
  const stepUp = answerRefusal(insufficientAuthentication({ max_age: '300' }), context, 'oauth');
  expect(stepUp.headers['WWW-Authenticate']).toMatch(/error="insufficient_user_authentication".*max_age="300"$/);
});

test('the challenge names what this request needs, where that is known', () => {
  const { headers } = answerRefusal(insufficientScope('c', ['c', 'd']), context, 'oauth');
  expect(headers['WWW-Authenticate']).toContain('scope="c d"');
});

test('an app’s own words cannot break out of the challenge', () => {
  const { headers, body } = answerRefusal(accessDenied('no "x", scope="admin" \\ für “Sie”\r\nX: y'), context, 'oauth');
  expect(headers['WWW-Authenticate']).toMatch(/error_description="no 'x', scope='admin' ' f\?r \?Sie\?\?\?X: y"$/);
  expect(JSON.parse(body).error_description).toContain('für “Sie”');
});

test('the body has the shape that the app asks for, and everything else stays as it is', () => {
  const oauth = answerRefusal(tokenExpired(), context, 'oauth');
  expect(oauth.body).toBe('{"error":"invalid_token","error_description":"Token expired"}');
  expect(oauth.headers['Content-Type']).toBe('application/json');

  const problem = answerRefusal(tokenExpired(), context, 'problem');
  expect(problem.headers['Content-Type']).toBe('application/problem+json');
  expect(JSON.parse(problem.body)).toEqual({
    type: 'about:blank',
    title: 'Unauthorized',
    status: 401,
    detail: 'Token expired',
    error: 'invalid_token',
  });

  const own = answerRefusal(tokenExpired('secret'), context, ({ error_description }) => ({
    json: { detail: error_description },
  }));
  expect(own.body).toBe('{"detail":"Token expired"}');
  for (const { headers, status } of [problem, own]) {
    expect(status).toBe(401);
    expect(headers['WWW-Authenticate']).toBe(oauth.headers['WWW-Authenticate']);
  }
});
