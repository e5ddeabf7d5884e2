import { expect, type Locator } from 'playwright/test';

/** How a person reaches what is on a page. */
export interface Hands {
  /** Buttons and links. */
  press(target: Locator): Promise<void>;
  /** The same button twice, as fast as hands are. */
  pressTwice(target: Locator): Promise<void>;
  /** Ticks or unticks. */
  toggle(checkbox: Locator): Promise<void>;
  /** Replaces what stands in a field. */
  type(field: Locator, text: string): Promise<void>;
}

export const mouse: Hands = {
  press: (target) => target.click(),
  pressTwice: (target) => target.dblclick(),
  toggle: (checkbox) => checkbox.click(),
  type: (field, text) => field.fill(text),
};

/** Nothing but keys: Tab until the target has the focus, then what a keyboard does there. */
export const keyboard: Hands = {
  async press(target) {
    await tabTo(target);
    await target.page().keyboard.press('Enter');
  },
  async pressTwice(target) {
    await tabTo(target);
    const { keyboard: keys } = target.page();
    await Promise.all([keys.press('Enter'), keys.press('Enter')]);
  },
  async toggle(checkbox) {
    await tabTo(checkbox);
    await checkbox.page().keyboard.press('Space');
  },
  async type(field, text) {
    await tabTo(field);
    const { keyboard: keys } = field.page();
    await keys.press('ControlOrMeta+A');
    await keys.press('Delete');
    await keys.type(text);
  },
};

const mostTabs = 100;

async function tabTo(target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let tabs = 0; tabs < mostTabs; tabs++) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await target.page().keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not get to ${target} within ${mostTabs} tabs.`);
}
