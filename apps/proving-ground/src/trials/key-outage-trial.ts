import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@latchkey/database/testing';
import { volley } from '@latchkey/race-suite/wire';
import { openApp } from '../fleet/app.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import type { Passage } from '../fleet/passage.ts';
import { createReplica } from '../fleet/replica.ts';

export interface KeyOutageOptions {
  /** How long the authorization server is away. */
  readonly minutes: number;
  readonly time: Passage;
  /** Between two volleys, in milliseconds of that time. */
  readonly stepMs: number;
  /** Requests side by side in a volley, beside one with a key id that nobody knows. */
  readonly parallel?: number;
  readonly onMinute?: (minute: number, phase: Phase) => void;
}

/** Before, during or after the outage. */
interface Phase {
  /** With tokens whose key is known: all are answered 200. */
  requests: number;
  /** What else they were answered, or that they were not. */
  readonly failures: string[];
  slowestMs: number;
  /** With key ids that nobody knows: all are answered 401. */
  unknownKeys: number;
  readonly unknownKeysNotRefused: string[];
  /** For keys and metadata, answered or not. */
  fetches: number;
}

export interface KeyOutageReport {
  readonly minutes: number;
  readonly before: Phase;
  readonly during: Phase;
  readonly after: Phase;
  /** That the API asked for keys again, and that a token issued after the outage is taken. */
  readonly recovered: boolean;
}

const leadMs = 30_000;

/**
 * The todos API under load, as a process of its own, while its authorization server is killed and stays away: requests
 * with keys that are known go on, unknown ones are refused, and nobody hammers the door of who is away.
 */
export async function runKeyOutageTrial(options: KeyOutageOptions): Promise<KeyOutageReport> {
  const { minutes, time } = options;
  const port = await freePort();
  const api = `http://127.0.0.1:${port}`;
  await using fleet = await startFleet({
    engine: 'sqlite',
    replicas: 1,
    environment: { ...time.environment, TODOS_API_RESOURCE: `${api}/api` },
  });
  using folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-outage-'));
  const environment = { ...time.environment, ISSUER: fleet.issuer, PUBLIC_URL: api, LOG_LEVEL: 'warn' };
  const todosApi = await createReplica(
    { ...environment, DATA_DIR: folder.path },
    { entry: 'apps/todos-api/src/main.ts', port },
  );
  await todosApi.start();
  await using _ = { [Symbol.asyncDispose]: () => todosApi.stop() };

  const life = String(minutes * 60 + 3_600);
  const app = await openApp(fleet, await fleet.register('--access-token-ttl', life));
  const freshToken = async () => String((await app.client.exchange(await app.codes.code())).body.access_token);
  const token = await freshToken();
  const live = (ms: number) => load(fleet, `${api}/api/todos`, token, ms, options);

  const before = await live(leadMs);
  await fleet.replicas[0]?.kill();
  const during = await live(minutes * 60_000);
  await fleet.replicas[0]?.start();
  const after = await live(2 * leadMs);
  const statusOf = async (bearer: string) => (await ask(`${api}/api/todos`, bearer)).status;
  const recovered = after.fetches > 0 && (await statusOf(await freshToken())) === '200';
  return { minutes, before, during, after, recovered };
}

async function load(fleet: Fleet, url: string, token: string, ms: number, options: KeyOutageOptions): Promise<Phase> {
  const { time, stepMs, parallel = 8, onMinute } = options;
  const fetched = () => fleet.door.requests.filter(isForKeys).length + fleet.door.turnedAway;
  const fetchedBefore = fetched();
  const phase: Phase = {
    requests: 0,
    failures: [],
    slowestMs: 0,
    unknownKeys: 0,
    unknownKeysNotRefused: [],
    fetches: 0,
  };
  for (let passed = 0; passed < ms; passed += stepMs) {
    const [unknown, ...known] = await volley(parallel + 1, (index) =>
      ask(url, index === 0 ? withUnknownKey(token) : token),
    );
    phase.requests += known.length;
    phase.failures.push(...known.map(({ status }) => status).filter((status) => status !== '200'));
    phase.slowestMs = Math.max(phase.slowestMs, ...known.map((each) => Math.round(each.ms)));
    phase.unknownKeys += 1;
    if (unknown?.status !== '401') phase.unknownKeysNotRefused.push(unknown?.status ?? '');
    phase.fetches = fetched() - fetchedBefore;
    if (passed % 60_000 < stepMs) onMinute?.(Math.floor(passed / 60_000), phase);
    await time.pass(stepMs);
  }
  return phase;
}

async function ask(url: string, token: string): Promise<{ readonly status: string; readonly ms: number }> {
  const began = performance.now();
  const status = await fetch(url, { headers: { authorization: `Bearer ${token}` } }).then(
    async (response) => {
      await response.arrayBuffer();
      return String(response.status);
    },
    (error: unknown) => `no answer: ${error}`,
  );
  return { status, ms: performance.now() - began };
}

/** The same token, as a key would have signed it that no document names. */
function withUnknownKey(token: string): string {
  const [, claims] = token.split('.');
  const header = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: randomUUID() })).toString('base64url');
  return `${header}.${claims}.${randomBytes(64).toString('base64url')}`;
}

function isForKeys(request: string): boolean {
  return /^GET \/(jwks|\.well-known\/)/.test(request);
}
