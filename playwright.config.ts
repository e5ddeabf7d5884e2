import { defineConfig } from 'playwright/test';
import { findChromium } from './e2e/chromium.ts';
import type { StoryOptions } from './e2e/people.ts';

/** Here, so that it is unpacked before the first worker wants it. */
const launchOptions = await findChromium();

/** Pages are looked at once; the stories are lived with a mouse, with the keyboard alone, and with script off. */
const looks = /looks\.spec\.ts/;

export default defineConfig<StoryOptions>({
  testDir: 'e2e',
  outputDir: 'test-results/stories',
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions,
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    // NOTE: no trace, which takes a sixth of the time: `playwright test --trace retain-on-failure` makes one.
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'mouse', testIgnore: looks },
    { name: 'keyboard', testIgnore: looks, use: { hands: 'keyboard' } },
    { name: 'no script', testIgnore: looks, use: { javaScriptEnabled: false } },
    { name: 'looks', testMatch: looks },
  ],
});
