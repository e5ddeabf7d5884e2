import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@latchkey/database/testing';
import { volley } from '@latchkey/race-suite/wire';
import { type Fleet, type FleetOptions, startFleet } from '../fleet/fleet.ts';
import { type MovedClock, startMovedClock } from '../fleet/moved-clock.ts';
import { startTodoApp, type TodoApp } from '../fleet/todo-app.ts';

export interface ClientRefreshOptions extends Pick<FleetOptions, 'engine'> {
  readonly rounds: number;
  /** Calls of one tab at one process, all at once. */
  readonly parallel: number;
  readonly onRound?: (round: number) => void;
}

export interface ClientRefreshReport {
  readonly rounds: number;
  readonly callsInARound: number;
  /** Rounds in which the authorization server got exactly one token request. */
  readonly oneTokenRequest: number;
  /** Calls that were not answered with 200, in all. */
  readonly failed: number;
  readonly wrong: readonly string[];
  /** Times that the process that had asked for new tokens was killed before it got them. */
  readonly deadHolders: number;
  /** Of these, how often the other process got them. */
  readonly outlived: number;
}

const tabs = 2;
const processes = 2;
/** A token lives for five minutes. */
const lifeMs = 301_000;
const leaseMs = 5_000;

/**
 * One session, two tabs, two processes of the client on one database, and an access token that has expired: however many
 * calls come at once, one request for new tokens goes out, and every call is answered.
 */
export async function runClientRefreshTrial(options: ClientRefreshOptions): Promise<ClientRefreshReport> {
  const { engine, rounds, parallel, onRound } = options;
  using clock = startMovedClock();
  using folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-client-'));
  const apiPort = await freePort();
  const resource = `http://localhost:${apiPort}/api`;
  const environment = { ...clock.environment, TODOS_API_RESOURCE: resource };
  await using fleet = await startFleet({ engine, replicas: 1, environment });
  await using todoApp = await startTodoApp({
    fleet,
    apiPort,
    replicas: processes,
    folder: folder.path,
    environment: clock.environment,
  });
  const cookie = await todoApp.signIn();

  const wrong: string[] = [];
  let [oneTokenRequest, failed] = [0, 0];
  for (let round = 1; round <= rounds; round++) {
    clock.move(lifeMs);
    const before = tokenRequests(fleet);
    const statuses = await volley(parallel * tabs * processes, (index) => callOf(todoApp, index, cookie));
    const asked = tokenRequests(fleet) - before;
    const bad = statuses.filter((status) => status !== 200);
    failed += bad.length;
    if (asked === 1) oneTokenRequest += 1;
    if (asked !== 1 || bad.length > 0) wrong.push(`round ${round}: ${asked} token requests, answers ${bad.join(' ')}`);
    onRound?.(round);
  }
  const deadHolders = Math.ceil(rounds / 10);
  let outlived = 0;
  for (let death = 1; death <= deadHolders; death++) {
    const [lost, answer] = await killHolder(fleet, todoApp, clock, cookie);
    if (lost === undefined && answer === 200) outlived += 1;
    else wrong.push(`death ${death}: the killed process answered ${lost}, the other one ${answer}`);
  }
  const callsInARound = parallel * tabs * processes;
  return { rounds, callsInARound, oneTokenRequest, failed, deadHolders, outlived, wrong: wrong.slice(0, 20) };
}

async function callOf({ replicas, ask }: TodoApp, index: number, cookie: string): Promise<number> {
  const replica = replicas[index % replicas.length];
  return replica ? ask(replica, '/api/todos', cookie) : 0;
}

/**
 * The authorization server is held so that the first process waits for its answer, and dies of it.
 *
 * @returns what both processes answered, undefined for nothing
 */
async function killHolder(
  fleet: Fleet,
  todoApp: TodoApp,
  clock: MovedClock,
  cookie: string,
): Promise<[lost: number | undefined, answer: number | undefined]> {
  const [first, second] = todoApp.replicas;
  const server = fleet.replicas[0]?.pid();
  if (!first || !second || server === undefined) return [undefined, undefined];
  // Whoever has just been started has to get to know the authorization server first.
  clock.move(lifeMs);
  await todoApp.ask(first, '/api/todos', cookie);
  clock.move(lifeMs);
  const before = tokenRequests(fleet);
  process.kill(server, 'SIGSTOP');
  let isAnswered = false;
  const lost = todoApp
    .ask(first, '/api/todos', cookie)
    .catch(() => undefined)
    .finally(() => {
      isAnswered = true;
    });
  while (tokenRequests(fleet) === before && !isAnswered) await delay(5);
  await first.kill();
  process.kill(server, 'SIGCONT');
  // What the dead process held ends by itself, a few seconds later.
  clock.move(leaseMs);
  const answers: [number | undefined, number] = [await lost, await todoApp.ask(second, '/api/todos', cookie)];
  await first.start();
  return answers;
}

function tokenRequests({ door }: Fleet): number {
  return door.requests.filter((line) => line === 'POST /token').length;
}
