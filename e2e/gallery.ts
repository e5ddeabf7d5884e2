import { join } from 'node:path';
import { resolveFromRoot } from '@latchkey/settings';
import { expect, type Page } from 'playwright/test';

/** A small phone, a phone, a tablet and a desk, in CSS pixels. */
const widths = [320, 390, 768, 1280];
const schemes = ['light', 'dark'] as const;

/**
 * Of each page hangs a picture from the smallest phone by night and one from the desk by day, and with GALLERY=full one of
 * each width in both: to take them all takes longer than all the rest.
 */
const whole = process.env.GALLERY === 'full';
const usual = new Set(['320-dark', '1280-light']);

/** Pictures of the page, in the light and in the dark. No width may make it scroll sideways. */
export async function hangInGallery(page: Page, name: string): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of schemes.filter((each) => whole || usual.has(`${width}-${each}`))) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const path = join(resolveFromRoot('test-results/gallery'), name, `${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true, animations: 'disabled' });
    }
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `pixels by which ${name} is too wide for ${width}`).toBe(0);
  }
}
