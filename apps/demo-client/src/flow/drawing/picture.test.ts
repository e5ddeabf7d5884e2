import { expect, test } from 'vitest';
import type { PresentedExchange } from '../presented-exchange.ts';
import { renderPicture } from './picture.ts';

function exchange(id: string, changes: Partial<PresentedExchange> = {}): PresentedExchange {
  const message = { label: `GET /${id}`, carries: ['code', 'state'], parameters: [], headers: [] };
  return {
    id,
    order: 1,
    from: 'browser',
    to: 'client',
    channel: 'front',
    step: 'other',
    title: `Message ${id}`,
    startedAt: 1,
    outcome: 'done',
    request: message,
    answer: { ...message, label: '200' },
    checks: [],
    ...changes,
  };
}

test('before anything has passed, what will come is drawn faintly', () => {
  const svg = renderPicture([], 'wide');
  expect(svg.match(/class="flow-ghost"/g)).toHaveLength(9);
  expect(svg).toContain('client_id, redirect_uri, scope, state');
});

test('solid through the browser, dashed between servers, and a refusal has a mark and not only a colour', () => {
  const svg = renderPicture(
    [
      exchange('one', { step: 'sign-in' }),
      exchange('two', { from: 'client', to: 'api', channel: 'back', outcome: 'refused' }),
    ],
    'wide',
  );
  expect(svg.match(/flow-line flow-front/g)).toHaveLength(2);
  expect(svg.match(/flow-line flow-back/g)).toHaveLength(2);
  expect(svg).toContain('flow-message flow-refused');
  expect(svg).toContain('✗ 200');
});

test('the pages of signing in are one box, and lanes appear with who takes part', () => {
  const pages = ['a', 'b', 'c'].map((id) => exchange(id, { to: 'authorization-server', step: 'sign-in-and-consent' }));
  const svg = renderPicture(pages, 'narrow');
  expect(svg).toContain('Sign-in and consent (3 messages)');
  expect(svg.match(/class="flow-party"/g)).toHaveLength(4);
  expect(renderPicture([exchange('x', { from: 'thief' })], 'narrow').match(/class="flow-party"/g)).toHaveLength(5);
});

test('what strangers send is text, and too long a text is cut', () => {
  const evil = '<script>alert("1")</script>&\'';
  const svg = renderPicture(
    [
      exchange('"><svg onload=x>', {
        title: evil,
        request: { label: evil.repeat(9), carries: [], parameters: [], headers: [] },
      }),
    ],
    'wide',
  );
  expect(svg).not.toMatch(/<script|onload=x>|alert\("/);
  expect(svg).toContain('…');
});
