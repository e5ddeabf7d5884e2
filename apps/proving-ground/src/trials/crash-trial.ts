import { setTimeout as delay } from 'node:timers/promises';
import { openApp } from '../fleet/app.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { auditLine, beginLine, type Ledger, type Line, newLedger, refreshLine } from './acknowledgements.ts';

export interface CrashTrialOptions {
  readonly engine: 'sqlite' | 'postgres';
  readonly replicas: number;
  readonly crashes: number;
  /** What crashes: a server, or PostgreSQL under them. */
  readonly victim: 'server' | 'postgres';
  readonly workers?: number;
  readonly onCrash?: (crash: number, ledger: Ledger) => void;
}

export interface CrashTrialReport extends Omit<Ledger, never> {
  readonly crashes: number;
  readonly lines: number;
  readonly seconds: number;
}

/**
 * Kills under load, again and again: whatever a client has received in full must hold afterwards, and whatever was
 * spent stays spent. Clients whose answer was cut off ask again, as a client would.
 */
export async function runCrashTrial(options: CrashTrialOptions): Promise<CrashTrialReport> {
  const { engine, replicas, crashes, victim, workers = 12, onCrash } = options;
  const began = performance.now();
  await using fleet = await startFleet({ engine, replicas });
  const identity = await fleet.register();
  const ledger = newLedger();
  const lines: Line[] = [];
  let over = false;

  async function work(): Promise<void> {
    while (!over) {
      const line = await beginLine(
        () => openApp(fleet, identity),
        ledger,
        () => over,
      );
      if (!line) continue;
      lines.push(line);
      for (let times = 0; times < 8 && !over && line.live !== ''; times += 1) {
        await refreshLine(line, ledger, () => over);
      }
    }
  }

  const load = Array.from({ length: workers }, work);
  for (let crash = 1; crash <= crashes; crash += 1) {
    const before = ledger.acknowledged;
    // NOTE: at any moment, but never before something new has been promised.
    while (ledger.acknowledged < before + workers) await delay(5);
    await delay(Math.random() * 60);
    await strike(fleet, victim, crash, ledger);
    onCrash?.(crash, ledger);
  }
  over = true;
  await Promise.all(load);
  await auditAll(lines, ledger);
  for (const replica of fleet.replicas) {
    if (/ 500\b|request failed/.test(replica.log())) ledger.wrong.push(`a server's log: ${replica.log().slice(-300)}`);
  }
  return { ...ledger, crashes, lines: lines.length, seconds: Math.round((performance.now() - began) / 1000) };
}

async function strike(fleet: Fleet, victim: 'server' | 'postgres', crash: number, ledger: Ledger): Promise<void> {
  const replica = fleet.replicas[crash % fleet.replicas.length];
  if (victim === 'server') {
    await replica?.kill();
    await replica?.start();
    return;
  }
  const { postgres } = fleet;
  if (!postgres) throw new Error('there is no PostgreSQL to crash');
  process.kill(postgres.pid(), 'SIGKILL');
  while ((await replica?.ready()) === 200) await delay(5);
  await postgres.stop().catch(() => {});
  await postgres.start();
  for (const each of fleet.replicas) {
    const deadline = performance.now() + 10_000;
    while ((await each.ready()) !== 200) {
      if (each.ended()) throw new Error(`a server went away by itself:\n${each.log().slice(-3_000)}`);
      if (performance.now() > deadline)
        return void ledger.wrong.push('not ready ten seconds after PostgreSQL was back');
      await delay(20);
    }
  }
}

async function auditAll(lines: readonly Line[], ledger: Ledger): Promise<void> {
  const left = [...lines];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let line = left.pop(); line; line = left.pop()) await auditLine(line, ledger);
    }),
  );
}
