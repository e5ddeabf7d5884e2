import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createKeyring } from '../keys/keyring.ts';
import { createArtifacts } from '../storage/artifacts.ts';
import { startTables } from '../testing/temporary-tables.ts';
import { createRefreshRotation, type Presentation } from './refresh-rotation.ts';

const start = 1_700_000_000_000;
const grace = 30;

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => vi.useRealTimers());

const after = (seconds: number) => vi.setSystemTime(start + seconds * 1000);

const plants: Presentation = { clientId: 'plants', jkt: undefined, scope: [], resource: [] };

async function startRotation(graceSeconds = grace) {
  const tables = await startTables();
  const artifacts = createArtifacts(tables.database, tables.keyring);
  const rotation = createRefreshRotation(artifacts, tables.keyring, graceSeconds);
  return Object.assign(tables, {
    rotation,
    artifacts,
    save: (id: string) => artifacts.save('RefreshToken', id, { jti: id }, { expiresIn: 3600 }),
    spend: (id: string, presented: Partial<Presentation> = {}) => rotation.spend(id, { ...plants, ...presented }),
    async judge(id: string, presented: Partial<Presentation> = {}) {
      const stored = await artifacts.find('RefreshToken', id);
      if (!stored) throw new Error(`${id} is not stored`);
      return rotation.judge(id, stored, { ...plants, ...presented });
    },
  });
}

test('a token has one successor, which only the holder of the key can tell', () => {
  const key = randomBytes(32);
  const rotation = (keys: Buffer) => createRefreshRotation({} as never, createKeyring(keys), grace);
  const successor = rotation(key).successorId('r1');
  expect(successor).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(rotation(key).successorId('r1')).toBe(successor);
  expect(rotation(key).successorId('r2')).not.toBe(successor);
  expect(rotation(randomBytes(32)).successorId('r1')).not.toBe(successor);
});

test('an unspent token is unspent to everybody: the engine says whose it is', async () => {
  await using room = await startRotation();
  await room.save('r1');
  expect(await room.judge('r1')).toBe('unspent');
  expect(await room.judge('r1', { clientId: 'trees', jkt: 'key' })).toBe('unspent');
});

test('within the grace a spent token may be presented again while its successor is unused', async () => {
  await using room = await startRotation();
  await room.save('r1');
  expect(await room.spend('r1')).toBe('first');
  await room.save(room.rotation.successorId('r1'));
  after(29.999);
  expect(await room.judge('r1')).toBe('again');
  expect(await room.spend('r1')).toBe('again');
});

test('also when the first answer was cut off before the successor was stored', async () => {
  await using room = await startRotation();
  await room.save('r1');
  await room.spend('r1');
  expect(await room.judge('r1')).toBe('again');
  expect(await room.spend('r1')).toBe('again');
});

const narrow = { scope: ['read:todos', 'openid'], resource: ['https://a.example', 'https://b.example'] };

test.each<[string, Partial<Presentation>, Partial<Presentation>, string]>([
  ['the same scope and resource, in another order and twice', narrow, reversed(narrow), 'again'],
  ['less scope', narrow, { ...narrow, scope: ['openid'] }, 'differs'],
  ['no scope', narrow, { ...narrow, scope: [] }, 'differs'],
  ['another resource', narrow, { ...narrow, resource: ['https://a.example'] }, 'differs'],
  ['a scope where there was a resource', { resource: ['a'] }, { scope: ['a'] }, 'differs'],
  ['the same key', { jkt: 'key' }, { jkt: 'key' }, 'again'],
  ['another key', { jkt: 'key' }, { jkt: 'other' }, 'reused'],
  ['no key where there was one', { jkt: 'key' }, {}, 'reused'],
  ['a key where there was none', {}, { jkt: 'key' }, 'reused'],
  ['another client', {}, { clientId: 'trees' }, 'reused'],
  [
    'another client, whose id runs on into the key',
    { clientId: 'ab', jkt: 'c' },
    { clientId: 'a', jkt: 'bc' },
    'reused',
  ],
])('within the grace, presented with %s', async (_, spentWith, presented, standing) => {
  await using room = await startRotation();
  await room.save('r1');
  expect(await room.spend('r1', spentWith)).toBe('first');
  expect(await room.judge('r1', presented)).toBe(standing);
  expect(await room.spend('r1', presented)).toBe(standing);
  expect(await room.judge('r1', spentWith)).toBe('again');
});

test('once the successor is used it is reuse, however soon and whatever it asks for', async () => {
  await using room = await startRotation();
  const successor = room.rotation.successorId('r1');
  await room.save('r1');
  await room.spend('r1');
  await room.save(successor);
  await room.spend(successor);
  for (const scope of [[], ['openid']]) {
    expect(await room.judge('r1', { scope })).toBe('reused');
    expect(await room.spend('r1', { scope })).toBe('reused');
  }
  expect(await room.judge(successor)).toBe('again');
});

test('after the grace it is reuse, and presenting it again has not made the grace longer', async () => {
  await using room = await startRotation();
  await room.save('r1');
  await room.spend('r1');
  for (const seconds of [10, 20, 29]) {
    after(seconds);
    expect(await room.spend('r1')).toBe('again');
  }
  after(30);
  expect(await room.judge('r1')).toBe('reused');
  expect(await room.spend('r1', { scope: ['openid'] })).toBe('reused');
});

test('without a grace the second use is reuse, in the same millisecond too', async () => {
  await using room = await startRotation(0);
  await room.save('r1');
  expect(await room.spend('r1')).toBe('first');
  expect(await room.judge('r1')).toBe('reused');
  expect(await room.spend('r1')).toBe('reused');
});

test('what is not there any more cannot be spent, and is no reuse', async () => {
  await using room = await startRotation();
  expect(await room.spend('gone')).toBe('gone');
});

test('what a token was spent with cannot be read from its row', async () => {
  await using room = await startRotation();
  await room.save('r1');
  await room.spend('r1', { jkt: 'thumbprint', ...narrow });
  const { spentWith } = (await room.artifacts.find('RefreshToken', 'r1')) ?? {};
  expect(spentWith).toMatch(/^[\w-]{43}\.[\w-]{43}$/);
});

function reversed({ scope, resource }: { readonly scope: string[]; readonly resource: string[] }) {
  return { scope: [...scope.toReversed(), 'openid'], resource: resource.toReversed() };
}
