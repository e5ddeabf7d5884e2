import { expectAccessible } from './accessibility.ts';
import { hangInGallery } from './gallery.ts';
import { test } from './people.ts';
import { places } from './places.ts';

for (const { name, go } of places)
  test(`everybody can use it, on a phone and on a desk, by day and by night: ${name}`, async ({ alice, town }) => {
    await go(alice, town);
    await expectAccessible(alice.page);
    await hangInGallery(alice.page, name);
  });
