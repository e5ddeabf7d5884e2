import { expect, test } from 'vitest';
import { mergeSessions, type SessionPayload } from './session-merge.ts';

const base: SessionPayload = { uid: 'u', jti: 'j1', accountId: 'alice', loginTs: 100, acr: 'pwd', amr: ['pwd'] };

test('the clients of both tabs are kept, and the newer word on each', () => {
  const existing = { ...base, authorizations: { plants: { sid: '1' }, trees: { sid: '2', grantId: 'old' } } };
  const written = { ...base, jti: 'j2', authorizations: { trees: { sid: '2', grantId: 'new' }, moss: { sid: '3' } } };
  expect(mergeSessions(existing, written)).toEqual({
    ...base,
    jti: 'j2',
    authorizations: { plants: { sid: '1' }, trees: { sid: '2', grantId: 'new' }, moss: { sid: '3' } },
  });
});

test('the later sign-in counts, whichever tab writes last', () => {
  const later = { ...base, loginTs: 200, acr: 'mfa', amr: ['pwd', 'otp'] };
  for (const merged of [mergeSessions(base, later), mergeSessions(later, base)]) {
    expect(merged).toMatchObject({ loginTs: 200, acr: 'mfa', amr: ['pwd', 'otp'] });
  }
});

test('of another person nothing is kept', () => {
  const existing = { ...base, authorizations: { plants: { sid: '1' } }, state: { secret: 's' } };
  const written = { uid: 'u', jti: 'j2', accountId: 'bob', loginTs: 50 };
  expect(mergeSessions(existing, written)).toEqual(written);
});

test('a session before sign-in gives nothing to the one after it', () => {
  const before: SessionPayload = { uid: 'u', jti: 'j1', state: { secret: 's' }, authorizations: { plants: {} } };
  expect(mergeSessions(before, base)).toEqual(base);
});

test('the secret of an open form survives another tab, and a new one replaces it', () => {
  const open = { ...base, state: { secret: 'old' } };
  expect(mergeSessions(open, base).state).toEqual({ secret: 'old' });
  expect(mergeSessions(open, { ...base, state: { secret: 'new' } }).state).toEqual({ secret: 'new' });
});

test('neither side is changed', () => {
  const existing = structuredClone({ ...base, authorizations: { plants: { sid: '1' } } });
  const written = structuredClone({ ...base, authorizations: { trees: { sid: '2' } } });
  mergeSessions(existing, written);
  expect(existing.authorizations).toEqual({ plants: { sid: '1' } });
  expect(written.authorizations).toEqual({ trees: { sid: '2' } });
});
