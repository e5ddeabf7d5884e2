import { defaultDataDirectory, portSetting, readSettings, resolveFromRoot } from '@latchkey/settings';
import { z } from 'zod';

/** The three ports by the variable that chooses each. */
export interface Ports {
  readonly AUTHORIZATION_SERVER_PORT: number;
  readonly TODOS_API_PORT: number;
  readonly DEMO_CLIENT_PORT: number;
}

export interface LauncherSettings {
  readonly ports: Ports;
  /** Absolute. */
  readonly dataDirectory: string;
}

/** The addresses name the port, so here the system cannot choose it. */
const fixedPort = portSetting.refine((port) => port > 0, 'must be a port number from 1 to 65535');

const schema = z.object({
  AUTHORIZATION_SERVER_PORT: fixedPort.default(3000),
  TODOS_API_PORT: fixedPort.default(3001),
  DEMO_CLIENT_PORT: fixedPort.default(3002),
  DATA_DIR: z.string().default(defaultDataDirectory),
  NODE_ENV: z
    .string()
    .optional()
    .refine(
      (value) => value !== 'production',
      'npm start makes demo people with known passwords, so it does not run in production. ' +
        'Run each app by itself there: npm start -w apps/authorization-server',
    ),
});

/** The launcher's own variables: they are not for the apps, which get what follows from them. */
export const launcherVariables = Object.keys(schema.shape).filter((name) => name !== 'NODE_ENV');

/** @throws {SettingsError} with every problem at once */
export function readLauncherSettings(environment: Readonly<Record<string, string | undefined>>): LauncherSettings {
  const { DATA_DIR, NODE_ENV, ...ports } = readSettings(schema, environment, samePorts);
  return { ports, dataDirectory: resolveFromRoot(DATA_DIR) };
}

function samePorts({ AUTHORIZATION_SERVER_PORT, TODOS_API_PORT, DEMO_CLIENT_PORT }: Ports): string[] {
  const names = new Map<number, string[]>();
  for (const [name, port] of Object.entries({ AUTHORIZATION_SERVER_PORT, TODOS_API_PORT, DEMO_CLIENT_PORT }))
    names.set(port, [...(names.get(port) ?? []), name]);
  return [...names]
    .filter(([, sharing]) => sharing.length > 1)
    .map(([port, sharing]) => `${sharing.join(' and ')} must differ: each app needs a port of its own, not ${port}`);
}
