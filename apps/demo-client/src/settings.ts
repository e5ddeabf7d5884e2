import { join } from 'node:path';
import {
  booleanSetting,
  databaseUrlSetting,
  defaultDataDirectory,
  originSetting,
  portSetting,
  readSettings,
  resolveFromRoot,
} from '@latchkey/settings';
import { z } from 'zod';

/** When access tokens are renewed: ahead of their expiry, only once the API has refused one, or both. */
export const refreshModes = ['hybrid', 'proactive', 'reactive'] as const;
export type RefreshMode = (typeof refreshModes)[number];

export interface Settings {
  readonly host: string;
  readonly port: number;
  /** The origin that browsers see; every address we hand out starts with it, never with what a request says. */
  readonly publicUrl: string;
  readonly issuer: string;
  /** Origin of the todos API. */
  readonly apiUrl: string;
  /** RFC 8707: the API's identifier, asked for as `resource`. */
  readonly apiResource: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** 32 bytes, base64url. Undefined outside production only: then it is made at the first start. */
  readonly sessionKey: string | undefined;
  /** Undefined for the embedded database. */
  readonly databaseUrl: string | undefined;
  /** Absolute; ours alone. */
  readonly dataDirectory: string;
  readonly refreshMode: RefreshMode;
  /** Milliseconds after the last visit; milliseconds after the sign-in. */
  readonly sessionLifetimes: { readonly idleMs: number; readonly absoluteMs: number };
  /** RFC 9126: authorization requests go to the server directly. */
  readonly pushedRequests: boolean;
  /** RFC 9449: tokens are bound to a key of each session. */
  readonly dpop: boolean;
  /** What the other apps show when they tell the live picture what passes; without it there is no picture. */
  readonly flowSecret?: string | undefined;
  /** The clock that all three apps go by in a demonstration, where it can be moved; set without the picture, nobody moves it. */
  readonly demoClockFile?: string | undefined;
  readonly logLevel: string;
  /** How many proxies stand in front; 0 means that forwarded headers are ignored. */
  readonly trustedProxies: number;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** @throws {SettingsError} with every problem at once */
export function readDemoClientSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const production = environment.NODE_ENV === 'production';
  const values = readSettings(schema(production), environment);
  const apiUrl = values.API_URL ?? 'http://localhost:3001';
  return {
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.PUBLIC_URL ?? `http://localhost:${values.PORT}`,
    issuer: values.ISSUER ?? 'http://localhost:3000',
    apiUrl,
    apiResource: values.API_RESOURCE ?? `${apiUrl}/api`,
    clientId: values.CLIENT_ID,
    clientSecret: values.CLIENT_SECRET,
    sessionKey: values.SESSION_KEY,
    databaseUrl: values.DATABASE_URL,
    dataDirectory: join(resolveFromRoot(values.DATA_DIR), 'demo-client'),
    refreshMode: values.REFRESH_MODE,
    sessionLifetimes: {
      idleMs: values.SESSION_IDLE_MINUTES * 60_000,
      absoluteMs: values.SESSION_ABSOLUTE_HOURS * 3_600_000,
    },
    pushedRequests: values.PUSHED_AUTHORIZATION_REQUESTS,
    dpop: values.DPOP,
    flowSecret: values.FLOW_REPORTS_SECRET,
    demoClockFile: values.DEMO_CLOCK_FILE,
    logLevel: values.LOG_LEVEL,
    trustedProxies: values.TRUST_PROXY,
  };
}

/** Production's rules sit in the schema itself, so that they are reported together with everything else. */
function schema(production: boolean) {
  const origin = secure(originSetting, production);
  const clientSecret = z.string();
  return z.object({
    HOST: z.string().default('localhost'),
    PORT: portSetting.default(3002),
    PUBLIC_URL: production ? origin : origin.optional(),
    ISSUER: production ? secure(issuerSetting, production) : issuerSetting.optional(),
    API_URL: production ? origin : origin.optional(),
    API_RESOURCE: secure(resourceSetting, production).optional(),
    CLIENT_ID: z.string().default('demo-client'),
    CLIENT_SECRET: production
      ? clientSecret
          .min(32, 'is too short for production: use at least 32 random characters')
          .refine(looksRandom, 'is too regular for production: use at least 32 random characters')
      : clientSecret,
    SESSION_KEY: production
      ? keySetting.refine(looksRandom, 'is too regular for production: use 32 random bytes')
      : keySetting.optional(),
    DATA_DIR: z.string().default(defaultDataDirectory),
    DATABASE_URL: databaseUrlSetting.optional(),
    REFRESH_MODE: z.enum(refreshModes).default('hybrid'),
    SESSION_IDLE_MINUTES: durationSetting('minutes', 5, 30 * 24 * 60).default(12 * 60),
    SESSION_ABSOLUTE_HOURS: durationSetting('hours', 1, 90 * 24).default(14 * 24),
    PUSHED_AUTHORIZATION_REQUESTS: booleanSetting.default(false),
    DPOP: booleanSetting.default(false),
    FLOW_REPORTS_SECRET: z
      .string()
      .min(32, 'must be at least 32 characters')
      .refine(() => !production, 'is for demonstrations: the live picture keeps every secret that passes')
      .optional(),
    DEMO_CLOCK_FILE: z
      .string()
      .min(1)
      .refine(() => !production, 'is for demonstrations: production goes by the true time')
      .optional(),
    LOG_LEVEL: z.enum(logLevels).default('info'),
    TRUST_PROXY: z
      .string()
      .regex(/^\d{1,2}$/, 'must be the number of proxies in front, 0 for none')
      .transform(Number)
      .default(0),
  });
}

/** A whole number of some unit, from one bound to the other. */
function durationSetting(unit: string, least: number, most: number) {
  const words = `must be a whole number of ${unit} from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,6}$/, words)
    .transform(Number)
    .refine((value) => value >= least && value <= most, words);
}

/** 32 random characters hold more than a dozen different ones, all but always. */
function looksRandom(secret: string): boolean {
  return new Set(secret).size >= 12;
}

/** In production what travels between the parties is encrypted. */
function secure<Type extends z.ZodType<string>>(type: Type, production: boolean) {
  return type.refine((value) => !production || !value.startsWith('http:'), 'must not be an http address in production');
}

/** OpenID Connect Discovery 1.0, section 2: an issuer may have a path, but neither query nor fragment. */
const issuerSetting = z.string().refine((value) => {
  const url = URL.parse(value);
  return url !== null && /^https?:$/.test(url.protocol) && !/[?#]/.test(value);
}, 'must be an http or https address without query and fragment');

/** RFC 8707, section 2: an absolute URI without a fragment. */
const resourceSetting = z
  .string()
  .refine((value) => URL.canParse(value) && !value.includes('#'), 'must be an absolute URI without a fragment');

const keySetting = z
  .string()
  .refine(
    (value) => /^[\w-]{43}=?$/.test(value),
    'must be 32 random bytes as base64url (openssl rand -base64 32 | tr +/ -_)',
  );
