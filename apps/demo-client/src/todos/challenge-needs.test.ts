import { expect, test } from 'vitest';
import { challengeNeeds } from './challenge-needs.ts';

test('a missing scope names all that the route needs', () => {
  const challenge =
    'Bearer realm="todos", error="insufficient_scope", error_description="Missing required scope: write:todos", ' +
    'scope="read:todos write:todos", resource_metadata="https://api.example/x", DPoP algs="ES256"';
  expect(challengeNeeds(challenge)).toEqual({ scope: 'read:todos write:todos' });
});

test('a step-up names the age of the sign-in, or its kind', () => {
  expect(challengeNeeds('Bearer error="insufficient_user_authentication", max_age="300", scope="admin"')).toEqual({
    maxAge: '300',
    scope: 'admin',
  });
  expect(challengeNeeds('DPoP error="insufficient_user_authentication", acr_values="phr"')).toEqual({
    acrValues: 'phr',
  });
});

test.each(['', 'Bearer realm="todos", scope="read:todos"', 'Bearer error="invalid_token", scope="read:todos"'])(
  '%j names nothing that the person could allow',
  (challenge) => {
    expect(challengeNeeds(challenge)).toBeUndefined();
  },
);
