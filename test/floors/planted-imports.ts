export interface Plant {
  /** Where the import stands. */
  readonly file: string;
  readonly from: string;
}

const server = 'apps/authorization-server/src';
const api = 'apps/todos-api/src';
const client = 'apps/demo-client/src';
const faces = ['account-pages', 'admin-api', 'admin-console', 'developer-portal', 'federation', 'home', 'interaction'];
const subjects = ['accounts', 'audit', 'clients', 'consents', 'keys', 'storage', 'throttles'];

const plant = (folder: string, ...sources: readonly string[]): Plant[] =>
  sources.map((from, index) => ({ file: `${folder}/${kebab(`planted ${index} ${from}`)}.ts`, from }));

const kebab = (text: string) => text.replaceAll(/[^a-z0-9]+/g, '-');

const face = 'a face knows the provider, subjects and packages, and never another face';
const subject = 'a subject knows packages and other subjects only';
const engine = "the engine's room knows subjects and packages, never a face";
const rooms = 'todos → sign-in → tokens → session → issuer';
const frontDoor = 'A package is entered by its front door';
const above = ['../server.ts', '../main.ts', '../cli.ts', '../cli/command.ts'];

export const refused: readonly { readonly floor: string; readonly says: string; readonly plants: readonly Plant[] }[] =
  [
    {
      floor: 'a face that imports another face',
      says: face,
      plants: faces.flatMap((from) =>
        plant(`${server}/${from}`, ...faces.filter((to) => to !== from).map((to) => `../${to}/routes.ts`)),
      ),
    },
    {
      floor: 'a face that imports what is above it, a room that nobody has built yet among them',
      says: face,
      plants: [...faces, 'a-room-of-the-future'].flatMap((from) =>
        plant(`${server}/${from}`, ...above, '../settings.ts'),
      ),
    },
    {
      floor: 'the provider that imports a face, or what is above it',
      says: engine,
      plants: plant(`${server}/provider`, ...faces.map((to) => `../${to}/routes.ts`), ...above),
    },
    {
      floor: 'a subject that imports the provider, a face, or what is above it',
      says: subject,
      plants: subjects.flatMap((from) =>
        plant(`${server}/${from}`, '../provider/provider.ts', '../interaction/routes.ts', '../server.ts', '../cli.ts'),
      ),
    },
    {
      floor: 'a face or a subject that speaks oidc-provider',
      says: 'Only provider/ speaks oidc-provider',
      plants: [...faces, ...subjects].flatMap((from) =>
        plant(`${server}/${from}`, 'oidc-provider', 'oidc-provider/lib/helpers/errors.js'),
      ),
    },
    {
      floor: 'a package that imports an app',
      says: 'a package never imports an app',
      plants: [
        ...plant(
          'packages/settings/src',
          '../../../apps/todos-api/src/server.ts',
          '../../apps/demo-client/src/main.ts',
        ),
        ...plant('packages/resource-server/src/koa', '../../../../apps/authorization-server/src/server.ts'),
      ],
    },
    {
      floor: 'an app that imports another app',
      says: 'Apps meet over HTTP',
      plants: [
        ...plant(server, '../../todos-api/src/server.ts', '../../demo-client/src/settings.ts'),
        ...plant(api, '../../authorization-server/src/server.ts', '../../demo-client/src/tables.ts'),
        ...plant(client, '../../authorization-server/src/settings.ts', '../../todos-api/src/todos/todos.ts'),
        ...plant(
          'apps/launcher/src',
          '../../authorization-server/src/server.ts',
          '../../../apps/todos-api/src/main.ts',
        ),
      ],
    },
    {
      floor: 'an app that imports another app from within a room',
      says: 'Imports run one way down',
      plants: [
        ...plant(`${server}/interaction`, '../../../todos-api/src/server.ts'),
        ...plant(`${server}/accounts`, '../../../demo-client/src/server.ts'),
        ...plant(`${server}/provider`, '../../../todos-api/src/server.ts'),
        ...plant(`${api}/todos`, '../../../authorization-server/src/accounts/accounts.ts'),
        ...plant(`${client}/session`, '../../../authorization-server/src/storage/sessions.ts'),
      ],
    },
    {
      floor: 'product code that imports what is for tests',
      says: 'What a package keeps for tests is for tests',
      plants: [
        ...plant(server, '@latchkey/database/testing'),
        ...plant(`${server}/accounts`, '@latchkey/database/testing'),
        ...plant(`${api}/todos`, '@latchkey/resource-server/testing'),
        ...plant('packages/service/src', '@latchkey/database/testing'),
        ...plant('db', '@latchkey/database/testing'),
      ],
    },
    {
      floor: 'a deep import into a package',
      says: frontDoor,
      plants: [
        ...plant(server, '@latchkey/database/src/migrations.ts', '../../../packages/database/src/index.ts'),
        ...plant(`${api}`, '@latchkey/resource-server/src/principal.ts'),
        ...plant('packages/pages/src', '@latchkey/service/src/logger.ts', '../../service/src/logger.ts'),
        ...plant('packages/resource-server/src/koa', '../../../service/src/logger.ts'),
        ...plant('test/todos-api', '@latchkey/settings/src/read-settings.ts', '../../packages/settings/src/index.ts'),
        ...plant('e2e', '../packages/service/src/listener.ts'),
      ],
    },
    {
      floor: 'a deep import into a package from within a room',
      says: 'Imports run one way down',
      plants: [`${server}/home`, `${server}/keys`, `${server}/provider`, `${api}/todos`, `${client}/tokens`].flatMap(
        (folder) => plant(folder, '@latchkey/service/src/logger.ts'),
      ),
    },
    {
      floor: 'a room of the todos API or the demo client that imports what is above it',
      says: 'Imports run one way down',
      plants: [`${api}/todos`, `${client}/todos`, `${client}/session`, `${client}/flow`].flatMap((folder) =>
        plant(folder, '../server.ts', '../main.ts'),
      ),
    },
    {
      floor: 'a room of the demo client that imports back up',
      says: rooms,
      plants: [
        ...plant(`${client}/issuer`, '../session/sessions.ts', '../todos/routes.ts'),
        ...plant(`${client}/session`, '../tokens/renewal.ts', '../sign-in/routes.ts', '../todos/routes.ts'),
        ...plant(`${client}/tokens`, '../sign-in/routes.ts', '../todos/routes.ts'),
        ...plant(`${client}/sign-in`, '../todos/routes.ts'),
      ],
    },
  ];

export const allowed: readonly Plant[] = [
  ...faces.flatMap((from) => plant(`${server}/${from}`, '../provider/interactions.ts', '../accounts/accounts.ts')),
  ...plant(`${server}/provider`, 'oidc-provider', '../storage/artifacts.ts', '../tables.ts', '@latchkey/pages'),
  ...plant(`${server}/throttles`, '../accounts/accounts.ts', '@latchkey/service'),
  ...plant(`${server}/cli`, '../accounts/accounts.ts'),
  ...plant(server, '../../../db/seed.ts', './interaction/routes.ts', './provider/provider.ts'),
  ...plant(`${client}/todos`, '../sign-in/scope-request.ts', '../session/sessions.ts', '../settings.ts'),
  ...plant(`${api}/todos`, '@latchkey/resource-server/koa', './todos.ts'),
  ...plant('packages/resource-server/src/koa', '../principal.ts', '@latchkey/settings'),
  ...plant('test/todos-api', '../../apps/todos-api/src/server.ts', '@latchkey/resource-server/testing'),
  ...plant(`${server}/testing`, '@latchkey/database/testing'),
  ...plant('apps/benchmarks/src', '@latchkey/database/testing'),
  { file: `${server}/accounts/planted.test.ts`, from: '@latchkey/database/testing' },
  ...plant('e2e', '../apps/launcher/src/apps.ts'),
  ...plant('db', '../apps/authorization-server/src/accounts/accounts.ts'),
];

/** Modules that import one another: by value, by type alone, and by way of a third. */
export const circles: Readonly<Record<string, string>> = {
  [`${server}/accounts/by-value-a.ts`]: "import { b } from './by-value-b.ts';\nexport const a = () => b;\n",
  [`${server}/accounts/by-value-b.ts`]: "import { a } from './by-value-a.ts';\nexport const b = () => a;\n",
  [`${api}/todos/by-type-a.ts`]: "import type { B } from './by-type-b.ts';\nexport type A = B | undefined;\n",
  [`${api}/todos/by-type-b.ts`]: "import type { A } from './by-type-a.ts';\nexport type B = A[];\n",
  [`${server}/keys/by-third-a.ts`]: "import type { B } from '../audit/by-third-b.ts';\nexport type A = B[];\n",
  [`${server}/audit/by-third-b.ts`]: "import type { C } from '../storage/by-third-c.ts';\nexport type B = C[];\n",
  [`${server}/storage/by-third-c.ts`]: "import type { A } from '../keys/by-third-a.ts';\nexport type C = A[];\n",
};
