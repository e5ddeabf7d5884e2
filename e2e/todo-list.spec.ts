import { expect } from 'playwright/test';
import { test } from './people.ts';

test('Alice keeps her list: adds, changes, ticks, looks at what is open, deletes and brings it back', async ({
  alice,
}) => {
  const { app, hands, page } = alice;
  await alice.arrives();
  await alice.adds('Water the plants');
  await alice.adds('Buy milk');
  await hands.press(app.change('Buy milk'));
  await hands.type(app.changedTitle, 'Buy oat milk');
  await hands.press(app.save);
  await expect(app.todos).toHaveText(['Buy oat milk', 'Water the plants']);

  await hands.press(app.done('Water the plants'));
  await expect(app.done('Water the plants')).toHaveAttribute('aria-pressed', 'true');
  await hands.press(app.show('Open'));
  await expect(app.todos).toHaveText(['Buy oat milk']);
  await hands.press(app.done('Buy oat milk'));
  await expect(page.getByText('Nothing is left to do.')).toBeVisible();
  await hands.press(app.show('Done'));
  await expect(app.todos).toHaveCount(2);

  await hands.press(app.delete('Buy oat milk'));
  await expect(app.todos).toHaveText(['Water the plants']);
  await hands.press(app.undo);
  await expect(app.todos).toHaveText(['Buy oat milk', 'Water the plants']);
});

test('what another tab has changed meanwhile is shown beside what Alice wrote, and nothing is lost', async ({
  alice,
  context,
}) => {
  const other = alice.at(await context.newPage());
  await alice.arrives();
  await alice.adds('Buy milk');
  await alice.hands.press(alice.app.change('Buy milk'));
  await alice.hands.type(alice.app.changedTitle, 'Buy oat milk');

  await other.app.open();
  await other.hands.press(other.app.change('Buy milk'));
  await other.hands.type(other.app.changedTitle, 'Buy rice milk');
  await other.hands.press(other.app.save);
  await expect(other.app.todos).toHaveText(['Buy rice milk']);

  await alice.hands.press(alice.app.save);
  await expect(alice.app.problem).toContainText('changed meanwhile');
  await expect(alice.page.getByText('Now it says: Buy rice milk')).toBeVisible();
  await expect(alice.app.changedTitle).toHaveValue('Buy oat milk');
  await alice.hands.press(alice.app.save);
  await expect(alice.app.todos).toHaveText(['Buy oat milk']);
});

test('by single keys, and without a network: what did not go through is taken back and may be tried again', async ({
  alice,
  context,
}, { project }) => {
  test.skip(project.name !== 'mouse', 'Keys and offline need script, and are the same for every hand.');
  const { app, page } = alice;
  await alice.arrives();
  await page.waitForLoadState('load');
  await page.keyboard.press('n');
  await page.keyboard.type('Water the plants');
  await page.keyboard.press('Enter');
  await expect(app.todos).toHaveText(['Water the plants']);
  await expect(app.newTitle).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  await expect(app.done('Water the plants')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('e');
  await expect(app.changedTitle).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(app.changedTitle).toHaveCount(0);

  // The second is sent before the first is answered.
  const first = Promise.withResolvers<void>();
  await page.route('**/todos', async (route) => {
    if (route.request().postData()?.includes('First')) await first.promise;
    await route.continue();
  });
  await app.newTitle.fill('First');
  await app.newTitle.press('Enter');
  await app.newTitle.fill('Second');
  const second = page.waitForResponse((response) => response.request().postData()?.includes('Second') ?? false);
  await app.newTitle.press('Enter');
  await second;
  first.resolve();
  await expect(app.todos).toHaveText(['First', 'Second', 'Water the plants']);
  for (const title of ['First', 'Second']) {
    await app.delete(title).click();
    await expect(app.delete(title)).toHaveCount(0);
  }

  await context.setOffline(true);
  await app.done('Water the plants').click();
  await expect(app.problem).toContainText('Nobody answers just now');
  await expect(app.done('Water the plants')).toHaveAttribute('aria-pressed', 'true');
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(app.done('Water the plants')).toHaveAttribute('aria-pressed', 'false');

  const other = alice.at(await context.newPage());
  await other.app.open();
  await other.adds('From another tab');
  await expect(app.todos).toHaveText(['From another tab', 'Water the plants']);
  await page.keyboard.press('j');
  await page.keyboard.press('Delete');
  await expect(app.undo).toBeVisible();
  await expect(other.app.todos).toHaveCount(1);
});
