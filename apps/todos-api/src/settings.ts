import { join } from 'node:path';
import {
  databaseUrlSetting,
  defaultDataDirectory,
  originSetting,
  portSetting,
  readSettings,
  resolveFromRoot,
} from '@latchkey/settings';
import { z } from 'zod';

/** An issuer or resource identifier: an URL with a path, maybe, but nothing after it. Kept as it is written. */
const identifierSetting = z.string().refine((value) => {
  const url = URL.parse(value);
  return !!url && /^https?:$/.test(url.protocol) && !/[?#@]/.test(value);
}, 'must be an http or https URL without user, query or fragment');

const schema = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: portSetting.default(3001),
  HOST: z.string().default('localhost'),
  PUBLIC_URL: originSetting.optional(),
  ISSUER: identifierSetting.default('http://localhost:3000'),
  RESOURCE: identifierSetting.optional(),
  DATA_DIR: z.string().default(defaultDataDirectory),
  DATABASE_URL: databaseUrlSetting.optional(),
  DOCS_CLIENT_ID: z.string().min(1).default('todos-docs'),
  DOCS_HINT: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  TRUST_PROXY: z
    .string()
    .regex(/^\d{1,2}$/, 'must be the number of proxies in front, 0 for none')
    .transform(Number)
    .default(0),
  DEMO_CLOCK_FILE: z.string().min(1).optional(),
  FLOW_REPORTS_URL: z.url().optional(),
  FLOW_REPORTS_SECRET: z.string().min(32, 'must be at least 32 characters').optional(),
  RATE_LIMIT_PER_MINUTE: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a whole number of requests, from 1 to 999999')
    .transform(Number)
    .optional(),
});

export interface TodosApiSettings {
  readonly port: number;
  readonly host: string;
  /** The origin that people and clients see. */
  readonly publicUrl: string;
  readonly issuer: string;
  /** RFC 8707: the `aud` of tokens for this API. */
  readonly resource: string;
  /** What the docs page is registered as with the authorization server: a public client. */
  readonly docsClientId: string;
  /** A line on the docs page: whom to sign in as in a demonstration, say. */
  readonly docsHint: string | undefined;
  /** Undefined for the embedded database. */
  readonly databaseUrl: string | undefined;
  readonly databaseFile: string;
  readonly logLevel: string;
  /** How many proxies in front are ours: so many entries at the end of `X-Forwarded-For` are believed. */
  readonly proxyHops: number;
  /** Requests of one person with one client; no limit without it. */
  readonly rateLimitPerMinute?: number | undefined;
  /** Who draws what passes, in a demonstration: it is told everything, secrets included. */
  readonly flowReports?: { readonly url: string; readonly secret: string } | undefined;
}

/**
 * Reads what an operator may set.
 *
 * @throws {SettingsError} with every problem at once
 */
export function readTodosApiSettings(environment: Readonly<Record<string, string | undefined>>): TodosApiSettings {
  const read = readSettings(schema, environment, (values) => {
    const { publicUrl, issuer, resource } = addresses(values);
    const underOrigin = resource === publicUrl || resource.startsWith(`${publicUrl}/`);
    const insecure = values.NODE_ENV === 'production' ? { ISSUER: issuer, PUBLIC_URL: publicUrl } : {};
    const tellsAll = values.FLOW_REPORTS_URL ?? values.FLOW_REPORTS_SECRET;
    const isHalf = (values.FLOW_REPORTS_URL === undefined) !== (values.FLOW_REPORTS_SECRET === undefined);
    return [
      ...(isHalf ? ['FLOW_REPORTS_URL and FLOW_REPORTS_SECRET are given together or not at all'] : []),
      ...(tellsAll !== undefined && values.NODE_ENV === 'production'
        ? ['FLOW_REPORTS_URL and FLOW_REPORTS_SECRET are for demonstrations: they tell every secret that passes']
        : []),
      ...(values.DEMO_CLOCK_FILE !== undefined && values.NODE_ENV === 'production'
        ? ['DEMO_CLOCK_FILE is for demonstrations: production goes by the true time']
        : []),
      ...(underOrigin ? [] : [`RESOURCE must be at PUBLIC_URL (${publicUrl}), where its metadata is: ${resource}`]),
      ...(resource === mcpResource(publicUrl)
        ? [`RESOURCE must not be ${resource}, the MCP endpoint's own: a token for one is not for the other`]
        : []),
      ...Object.entries(insecure)
        .filter(([, url]) => !url.startsWith('https:'))
        .map(([name, url]) => `${name} must be an https URL in production: ${url}`),
    ];
  });
  return {
    port: read.PORT,
    host: read.HOST,
    ...addresses(read),
    docsClientId: read.DOCS_CLIENT_ID,
    docsHint: read.DOCS_HINT,
    databaseUrl: read.DATABASE_URL,
    databaseFile: join(resolveFromRoot(read.DATA_DIR), 'todos-api', 'todos.sqlite'),
    logLevel: read.LOG_LEVEL,
    proxyHops: read.TRUST_PROXY,
    rateLimitPerMinute: read.RATE_LIMIT_PER_MINUTE,
    flowReports:
      read.FLOW_REPORTS_URL !== undefined && read.FLOW_REPORTS_SECRET !== undefined
        ? { url: read.FLOW_REPORTS_URL, secret: read.FLOW_REPORTS_SECRET }
        : undefined,
  };
}

/** Where the MCP endpoint is, which is also its resource identifier (RFC 8707): the `aud` of tokens for it. */
export function mcpResource(publicUrl: string): string {
  return `${publicUrl}/mcp`;
}

function addresses({ PORT, PUBLIC_URL, ISSUER, RESOURCE }: z.output<typeof schema>) {
  const publicUrl = PUBLIC_URL ?? `http://localhost:${PORT}`;
  return { publicUrl, issuer: ISSUER, resource: RESOURCE ?? `${publicUrl}/api` };
}
