import { expect, test } from 'vitest';
import { describeApps } from './apps.ts';

const settings = {
  ports: { AUTHORIZATION_SERVER_PORT: 4000, TODOS_API_PORT: 4001, DEMO_CLIENT_PORT: 4002 },
  dataDirectory: '/var/latchkey',
};

const environmentOf = (parent: Record<string, string> = {}) =>
  Object.fromEntries(describeApps(settings, parent).map(({ name, environment }) => [name, environment]));

test('the apps come in the order in which they need one another', () => {
  expect(describeApps(settings, {}).map(({ name, url }) => [name, url])).toEqual([
    ['authorization-server', 'http://localhost:4000'],
    ['todos-api', 'http://localhost:4001'],
    ['demo-client', 'http://localhost:4002'],
  ]);
});

test('each app is told its own address and those of the others', () => {
  expect(environmentOf()).toEqual({
    'authorization-server': {
      PORT: '4000',
      HOST: 'localhost',
      ISSUER: 'http://localhost:4000',
      DATA_DIR: '/var/latchkey',
      DEMO_CLOCK_FILE: '/var/latchkey/demo-clock',
      SEED_DEMO: 'true',
      DEMO_CLIENT_URL: 'http://localhost:4002',
      DEMO_CLIENT_SECRET_FILE: '/var/latchkey/demo-client/client-secret',
      TODOS_API_RESOURCE: 'http://localhost:4001/api',
      TODOS_MCP_RESOURCE: 'http://localhost:4001/mcp',
      FLOW_REPORTS_URL: 'http://localhost:4002/flow/reports',
      FLOW_REPORTS_SECRET_FILE: '/var/latchkey/demo-client/flow-secret',
    },
    'todos-api': {
      PORT: '4001',
      HOST: 'localhost',
      PUBLIC_URL: 'http://localhost:4001',
      ISSUER: 'http://localhost:4000',
      RESOURCE: 'http://localhost:4001/api',
      DOCS_CLIENT_ID: 'todos-docs',
      FLOW_REPORTS_URL: 'http://localhost:4002/flow/reports',
      FLOW_REPORTS_SECRET_FILE: '/var/latchkey/demo-client/flow-secret',
      DOCS_HINT: expect.stringContaining('alice-password'),
      DATA_DIR: '/var/latchkey',
      DEMO_CLOCK_FILE: '/var/latchkey/demo-clock',
    },
    'demo-client': {
      PORT: '4002',
      HOST: 'localhost',
      PUBLIC_URL: 'http://localhost:4002',
      ISSUER: 'http://localhost:4000',
      API_URL: 'http://localhost:4001',
      API_RESOURCE: 'http://localhost:4001/api',
      CLIENT_ID: 'demo-client',
      CLIENT_SECRET_FILE: '/var/latchkey/demo-client/client-secret',
      FLOW_REPORTS_SECRET_FILE: '/var/latchkey/demo-client/flow-secret',
      DATA_DIR: '/var/latchkey',
      DEMO_CLOCK_FILE: '/var/latchkey/demo-clock',
    },
  });
});

test('what the launcher does not decide is passed on', () => {
  const { 'todos-api': api } = environmentOf({
    PATH: '/bin',
    LOG_LEVEL: 'debug',
    NODE_OPTIONS: '--enable-source-maps',
    DATABASE_URL: 'postgres://db.example/latchkey',
  });
  expect(api).toMatchObject({
    PATH: '/bin',
    LOG_LEVEL: 'debug',
    NODE_OPTIONS: '--enable-source-maps',
    DATABASE_URL: 'postgres://db.example/latchkey',
  });
});

test.each([
  'PUBLIC_URL',
  'ISSUER_FILE',
  'DEMO_CLOCK',
  'PORT_FILE',
  'CLIENT_SECRET',
  'DEMO_CLIENT_SECRET',
  'TODOS_API_PORT',
])('%s of the surrounding shell does not reach the authorization server', (name) => {
  expect(environmentOf({ [name]: 'stray' })['authorization-server']).not.toHaveProperty(name);
});

test('PORT, HOST and ISSUER of the surrounding shell are replaced', () => {
  const stray = { PORT: '1', HOST: '0.0.0.0', ISSUER: 'https://login.example' };
  expect(environmentOf(stray)).toEqual(environmentOf());
});
