import { describe } from 'vitest';
import { testCredentials } from './credentials-suite.ts';
import { testExchange } from './exchange-suite.ts';
import { testScopes } from './scopes-suite.ts';
import type { StartSuiteApp } from './suite-app.ts';
import { startSuiteTown } from './suite-town.ts';

/** What every binding promises, described once and run on each real framework over real HTTP. */
export function describeGuards(framework: string, start: StartSuiteApp): void {
  describe(`guards on ${framework}`, () => {
    const town = startSuiteTown(start);
    testCredentials(town);
    testScopes(town);
    testExchange(town);
  });
}
