import { expect, test } from 'vitest';
import { nextForm } from './sign-in-forms.ts';

const alice = { username: 'alice', password: 'a & b' };

const signIn = `<form class="stack" method="post" action="/interaction/1/login?a=1&amp;b=2">
  <input type="hidden" name="csrf_token" value="&#34;x&#34;">
  <input class="input" id="username" name="username" value="" required>
  <input class="input" id="password" name="password" type="password" required>
  <button id="sign-in-submit">Sign in</button></form>`;

const consent = `<form method="post" action="/interaction/1/switch"><button>Not you?</button></form>
<form class="stack" id="consent" method="post" action="/interaction/1/confirm">
  <input type="checkbox" id="required-0" name="scope" value="openid" checked disabled>
  <input type="checkbox" id="optional-0" name="scope" value="read:todos" checked>
  <input type="checkbox" id="optional-1" name="scope" value="admin">
</form><button id="consent-allow" form="consent">Allow</button>`;

test('the sign-in form is filled in, with what was hidden in it', () => {
  expect(nextForm(signIn, alice, false)).toEqual({
    action: '/interaction/1/login?a=1&b=2',
    fields: [
      ['csrf_token', '"x"'],
      ['username', 'alice'],
      ['password', 'a & b'],
    ],
  });
});

test('a sign-in page that comes back has said no, and is not tried again', () => {
  expect(nextForm(signIn, alice, true)).toBeUndefined();
});

test('on the consent page all that is ticked is allowed', () => {
  expect(nextForm(consent, alice, true)).toEqual({
    action: '/interaction/1/confirm',
    fields: [['scope', 'read:todos']],
  });
});

test('any other page has nothing to fill in', () => {
  expect(nextForm('<form method="post" action="/pay"><button>Pay</button></form>', alice, false)).toBeUndefined();
});
