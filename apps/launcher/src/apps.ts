import { join } from 'node:path';
import { demoClockFile } from '@latchkey/demo-clock';
import { resolveFromRoot } from '@latchkey/settings';
import { clientSecretFile, flowSecretFile } from './client-secret.ts';
import { type LauncherSettings, launcherVariables, type Ports } from './launcher-settings.ts';

export type AppName = 'authorization-server' | 'todos-api' | 'demo-client';

/** One program to run: what it is called, where it answers, and the environment that makes the three fit together. */
export interface App {
  readonly name: AppName;
  /** In a sentence: "The todos API …". */
  readonly title: string;
  readonly entry: string;
  readonly port: number;
  readonly portVariable: keyof Ports;
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The apps in the order in which they start: each needs the one before it. */
export function describeApps({ ports, dataDirectory }: LauncherSettings, parent: Environment): App[] {
  const issuer = address(ports.AUTHORIZATION_SERVER_PORT);
  const apiUrl = address(ports.TODOS_API_PORT);
  const demoUrl = address(ports.DEMO_CLIENT_PORT);
  const resource = `${apiUrl}/api`;
  const secretFile = clientSecretFile(dataDirectory);
  const flowSecret = { FLOW_REPORTS_SECRET_FILE: flowSecretFile(dataDirectory) };
  const flowReports = { FLOW_REPORTS_URL: `${demoUrl}/flow/reports`, ...flowSecret };

  const apps: App[] = [
    app('authorization-server', 'authorization server', 'AUTHORIZATION_SERVER_PORT', {
      ISSUER: issuer,
      SEED_DEMO: 'true',
      DEMO_CLIENT_URL: demoUrl,
      DEMO_CLIENT_SECRET_FILE: secretFile,
      TODOS_API_RESOURCE: resource,
      TODOS_MCP_RESOURCE: `${apiUrl}/mcp`,
      ...flowReports,
    }),
    app('todos-api', 'todos API', 'TODOS_API_PORT', {
      PUBLIC_URL: apiUrl,
      ISSUER: issuer,
      RESOURCE: resource,
      DOCS_CLIENT_ID: 'todos-docs',
      ...flowReports,
      DOCS_HINT: 'For this demonstration: alice (alice-password) may read and write, bob (bob-password) only read.',
    }),
    app('demo-client', 'demo client', 'DEMO_CLIENT_PORT', {
      PUBLIC_URL: demoUrl,
      ISSUER: issuer,
      API_URL: apiUrl,
      API_RESOURCE: resource,
      CLIENT_ID: 'demo-client',
      CLIENT_SECRET_FILE: secretFile,
      ...flowSecret,
    }),
  ];

  const inherited = withoutOwn(parent, apps);
  return apps.map((each) => ({ ...each, environment: { ...inherited, ...each.environment } }));

  function app(name: AppName, title: string, portVariable: keyof Ports, own: Readonly<Record<string, string>>): App {
    const port = ports[portVariable];
    return {
      name,
      title,
      entry: resolveFromRoot(join('apps', name, 'src/main.ts')),
      port,
      portVariable,
      url: address(port),
      environment: {
        PORT: String(port),
        HOST: 'localhost',
        DATA_DIR: dataDirectory,
        DEMO_CLOCK_FILE: demoClockFile(dataDirectory),
        ...own,
      },
    };
  }
}

function address(port: number): string {
  return `http://localhost:${port}`;
}

/**
 * What the apps inherit: everything but the launcher's own variables and those that it decides for any of the apps,
 * with their `_FILE` twins. An `ISSUER` or `PORT` left in somebody's shell must not pull the three apart.
 */
function withoutOwn(parent: Environment, apps: readonly App[]): Record<string, string> {
  const decided = [...launcherVariables, ...apps.flatMap((app) => Object.keys(app.environment))];
  const dropped = new Set(decided.map(plainName).flatMap((name) => [name, `${name}_FILE`]));
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(parent))
    if (value !== undefined && !dropped.has(name)) inherited[name] = value;
  return inherited;
}

function plainName(variable: string): string {
  return variable.replace(/_FILE$/, '');
}
