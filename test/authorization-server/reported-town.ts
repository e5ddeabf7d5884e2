import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { App } from './app.ts';
import { type ReportCollector, startCollector } from './report-collector.ts';
import { startTown, type Town } from './town.ts';

/** A server that tells what passes, who listens to it, and an app. */
export interface ReportedTown {
  readonly town: Town;
  readonly collector: ReportCollector;
  readonly app: App;
  /** What was checked of the last request to a path: `name`, or `name: what was found` if it failed. */
  checksAt(path: string | RegExp): Promise<string[]>;
}

/** One for all stories of a file; what it was told before is forgotten as each begins. */
export function reportedTown(): ReportedTown {
  const parts: { town?: Town; collector?: ReportCollector; app?: App } = {};
  const there = <Part>(part: Part | undefined): Part => {
    if (!part) throw new Error('the town is there once the stories begin');
    return part;
  };

  const story: ReportedTown = {
    get town() {
      return there(parts.town);
    },
    get collector() {
      return there(parts.collector);
    },
    get app() {
      return there(parts.app);
    },
    checksAt: (path) => story.collector.checksAt(story.town.issuer, path),
  };

  beforeAll(async () => {
    parts.collector = await startCollector();
    parts.town = await startTown(parts.collector.environment);
    parts.app = await parts.town.app();
  });
  afterAll(async () => {
    await parts.town?.[Symbol.asyncDispose]();
    await parts.collector?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await story.collector.told(story.town.issuer);
    story.collector.forget();
  });
  return story;
}
