import { join } from 'node:path';
import { demoClockFile } from '@latchkey/demo-clock';
import {
  booleanSetting,
  databaseUrlSetting,
  defaultDataDirectory,
  listSetting,
  originSetting,
  portSetting,
  readSettings,
  resolveFromRoot,
} from '@latchkey/settings';
import { z } from 'zod';
import { parseKey, readOrCreateKeyFile } from './keys/key-file.ts';

const keySetting = z.string().transform((value, context) => {
  const key = parseKey(value);
  if (key) return key;
  context.addIssue({ code: 'custom', message: 'must be 32 random bytes in base64url (43 characters)' });
  return z.NEVER;
});

const wholeNumber = (max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value <= max, `must be at most ${max}`);

const schema = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: portSetting.default(3000),
  HOST: z.string().default('localhost'),
  ISSUER: originSetting.optional(),
  DATA_DIR: z.string().default(defaultDataDirectory),
  DATABASE_URL: databaseUrlSetting.optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  TRUST_PROXY: wholeNumber(10).default(0),
  KEY_ENCRYPTION_KEY: keySetting.optional(),
  TODOS_API_RESOURCE: z.url().default('http://localhost:3001/api'),
  TODOS_MCP_RESOURCE: z.url().optional(),
  REFRESH_GRACE_SECONDS: wholeNumber(600).default(30),
  AUDIT_DAYS: wholeNumber(36_500).default(180),
  TRUSTED_ORIGINS: listSetting.default([]),
  SEED_DEMO: booleanSetting.default(false),
  DEMO_CLIENT_URL: originSetting.default('http://localhost:3002'),
  DEMO_CLOCK_FILE: z.string().min(1).optional(),
  FLOW_REPORTS_URL: z.url().optional(),
  FLOW_REPORTS_SECRET: z.string().min(32, 'must be at least 32 characters').optional(),
  DEMO_CLIENT_SECRET: z.string().min(32, 'must be at least 32 characters').optional(),
});

export interface Settings {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  readonly issuer: string;
  /** Undefined for the embedded database. */
  readonly databaseUrl: string | undefined;
  readonly databaseFile: string;
  readonly logLevel: string;
  /** Proxies between the world and this server whose forwarded headers are believed; 0 believes none. */
  readonly trustedProxies: number;
  readonly keyEncryptionKey: Buffer;
  /** Where it is kept when no setting gives it. */
  readonly keyFile: string | undefined;
  readonly todosApi: string;
  /** The todos API's MCP endpoint, a resource of its own. */
  readonly todosMcp: string;
  /** Seconds. */
  readonly refreshGrace: number;
  /** How long audit events are kept, in days. */
  readonly auditDays: number;
  /** Origins on loopback or private addresses that the server may call. */
  readonly trustedOrigins: readonly string[];
  /** Where `npm start` keeps how far time has been moved. Never in production. */
  readonly demoClockFile: string | undefined;
  /** Who draws what passes, in a demonstration: it is told everything, secrets included. */
  readonly flowReports: { readonly url: string; readonly secret: string } | undefined;
  /** Demo people and clients, and what they need. */
  readonly demo: DemoSettings | undefined;
}

export interface DemoSettings {
  readonly clientUrl: string;
  readonly clientSecret: string | undefined;
  readonly todosApiUrl: string;
}

type Values = z.output<typeof schema>;

/** @throws {SettingsError} with everything that is wrong at once */
export function authorizationServerSettings(environment: NodeJS.ProcessEnv): Settings {
  const values = readSettings(schema, environment, (settings) => [...alwaysRefused(settings), ...unsafe(settings)]);
  const data = resolveFromRoot(values.DATA_DIR);
  const dataDirectory = join(data, 'authorization-server');
  const production = values.NODE_ENV === 'production';
  const keyFile = join(dataDirectory, 'key-encryption-key');
  const demo = values.SEED_DEMO
    ? {
        clientUrl: values.DEMO_CLIENT_URL,
        clientSecret: values.DEMO_CLIENT_SECRET,
        todosApiUrl: new URL(values.TODOS_API_RESOURCE).origin,
      }
    : undefined;
  return {
    production,
    port: values.PORT,
    host: values.HOST,
    issuer: values.ISSUER ?? `http://localhost:${values.PORT}`,
    databaseUrl: values.DATABASE_URL,
    databaseFile: join(dataDirectory, 'latchkey.sqlite'),
    logLevel: values.LOG_LEVEL,
    trustedProxies: values.TRUST_PROXY,
    keyEncryptionKey: values.KEY_ENCRYPTION_KEY ?? readOrCreateKeyFile(keyFile),
    keyFile: values.KEY_ENCRYPTION_KEY ? undefined : keyFile,
    todosApi: values.TODOS_API_RESOURCE,
    todosMcp: mcpResource(values),
    auditDays: values.AUDIT_DAYS,
    refreshGrace: values.REFRESH_GRACE_SECONDS,
    trustedOrigins: [...values.TRUSTED_ORIGINS, ...(demo ? [demo.clientUrl] : [])],
    demoClockFile: production ? undefined : (values.DEMO_CLOCK_FILE ?? demoClockFile(data)),
    flowReports: flowReports(values),
    demo,
  };
}

/** Beside the API, on the same origin: that is where the todos API has it. */
function mcpResource({ TODOS_API_RESOURCE, TODOS_MCP_RESOURCE }: Values): string {
  return TODOS_MCP_RESOURCE ?? `${new URL(TODOS_API_RESOURCE).origin}/mcp`;
}

function flowReports({ FLOW_REPORTS_URL: url, FLOW_REPORTS_SECRET: secret }: Values): Settings['flowReports'] {
  return url !== undefined && secret !== undefined ? { url, secret } : undefined;
}

function alwaysRefused(values: Values): string[] {
  const problems: string[] = [];
  if ((values.FLOW_REPORTS_URL === undefined) !== (values.FLOW_REPORTS_SECRET === undefined))
    problems.push('FLOW_REPORTS_URL and FLOW_REPORTS_SECRET are given together or not at all');
  if (mcpResource(values) === values.TODOS_API_RESOURCE)
    problems.push('TODOS_MCP_RESOURCE must not be TODOS_API_RESOURCE: a token for one is not for the other');
  for (const origin of values.TRUSTED_ORIGINS) {
    if (URL.parse(origin)?.origin !== origin)
      problems.push(`TRUSTED_ORIGINS: ${origin} must be an origin without a path`);
  }
  return problems;
}

/** What is convenient on one's own machine and dangerous in the world. */
function unsafe(values: Values): string[] {
  if (values.NODE_ENV !== 'production') return [];
  const problems: string[] = [];
  if (values.DEMO_CLOCK_FILE) problems.push('DEMO_CLOCK_FILE is for demonstrations: production goes by the true time');
  if (values.FLOW_REPORTS_URL ?? values.FLOW_REPORTS_SECRET)
    problems.push(
      'FLOW_REPORTS_URL and FLOW_REPORTS_SECRET are for demonstrations: they tell every secret that passes',
    );
  if (!values.ISSUER) problems.push('ISSUER is missing: in production it must be the https origin that people see');
  else if (!values.ISSUER.startsWith('https:')) problems.push('ISSUER must be an https origin in production');
  if (!values.KEY_ENCRYPTION_KEY) {
    problems.push(
      'KEY_ENCRYPTION_KEY is missing (or KEY_ENCRYPTION_KEY_FILE): 32 random bytes in base64url, kept outside of the data folder',
    );
  } else if (new Set(values.KEY_ENCRYPTION_KEY).size < 16) {
    problems.push('KEY_ENCRYPTION_KEY is weak: it must be 32 random bytes');
  }
  if (values.TRUST_PROXY === 0) {
    problems.push(
      'TRUST_PROXY must be at least 1 in production: TLS ends at a proxy, and its X-Forwarded-Proto tells so',
    );
  }
  if (values.SEED_DEMO)
    problems.push('SEED_DEMO must not be set in production: the passwords of the demo people are public');
  for (const name of ['TODOS_API_RESOURCE', 'TODOS_MCP_RESOURCE'] as const) {
    if (values[name] && !values[name].startsWith('https:')) problems.push(`${name} must be an https URL in production`);
  }
  return problems;
}
