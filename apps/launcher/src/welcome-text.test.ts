import { expect, test } from 'vitest';
import { describeApps } from './apps.ts';
import { plain } from './terminal-style.ts';
import { welcomeText } from './welcome-text.ts';

const text = welcomeText(
  describeApps(
    {
      ports: { AUTHORIZATION_SERVER_PORT: 4000, TODOS_API_PORT: 4001, DEMO_CLIENT_PORT: 4002 },
      dataDirectory: '/var/latchkey',
    },
    {},
  ),
  '/var/latchkey',
  plain,
);

test('it names the three addresses', () => {
  for (const port of [4000, 4001, 4002]) expect(text).toContain(`http://localhost:${port}\n`);
});

test('it leads to the live picture', () => {
  expect(text).toContain('http://localhost:4002/flow\n');
});

test('it leads to the docs page, and names what an MCP client is given', () => {
  for (const path of ['docs', 'mcp']) expect(text).toContain(`http://localhost:4001/${path}\n`);
});

test.each(['alice', 'bob', 'admin'])('it says how to sign in as %s', (name) => {
  expect(text).toContain(`${name} / ${name}-password`);
});
