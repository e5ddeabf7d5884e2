import { expectAccessible } from './accessibility.ts';
import { test } from './people.ts';
import { places } from './places.ts';

for (const { name, go } of places)
  test(`everybody can use the page: ${name}`, async ({ alice, town }) => {
    await go(alice, town);
    await expectAccessible(alice.page);
  });
