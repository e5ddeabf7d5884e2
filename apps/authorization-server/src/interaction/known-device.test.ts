import { randomBytes } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import Koa, { type Context } from 'koa';
import { expect, test } from 'vitest';
import { createKeyring } from '../keys/keyring.ts';
import { createKnownDevice } from './known-device.ts';

const keyring = createKeyring(randomBytes(32));

/** A request of a browser that holds this cookie. */
function visit(cookie = '', https = false): Context {
  const request = new IncomingMessage(new Socket());
  request.headers = { host: 'auth.example', cookie };
  if (https) Object.assign(request.socket, { encrypted: true });
  return new Koa().createContext(request, new ServerResponse(request)) as Context;
}

function remembered(username: string, https = false, keys = keyring): string {
  const ctx = visit('', https);
  createKnownDevice(keys, https).remember(ctx, username);
  return String(ctx.res.getHeader('set-cookie'));
}

const pairOf = (header: string) => header.split(';')[0] ?? '';

test('a browser tells who signed in here last', () => {
  const device = createKnownDevice(keyring, false);
  expect(device.username(visit())).toBeUndefined();
  for (const username of ['alice', 'a.b-c_d'])
    expect(device.username(visit(pairOf(remembered(username))))).toBe(username);
});

test('the cookie is for this server alone, out of the reach of script, and lasts half a year', () => {
  const header = remembered('alice');
  expect(header).toMatch(
    /^latchkey_known=[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}; path=\/; expires=[^;]+; samesite=lax; httponly$/,
  );
  const expires = Date.parse(/expires=([^;]+)/.exec(header)?.[1] ?? '');
  expect(Math.round((expires - Date.now()) / 86_400_000)).toBe(180);
});

test('over TLS no other host can set it', () => {
  const header = remembered('alice', true);
  expect(header).toMatch(/^__Host-latchkey_known=.*; secure/);
  expect(createKnownDevice(keyring, true).username(visit(pairOf(header), true))).toBe('alice');
  expect(createKnownDevice(keyring, true).username(visit(pairOf(remembered('alice')), true))).toBeUndefined();
});

test('nobody can make one up, change the name, or carry it to another server', () => {
  const device = createKnownDevice(keyring, false);
  const [, proof = ''] = pairOf(remembered('alice')).split('.');
  const encoded = (name: string) => Buffer.from(name).toString('base64url');
  const foreign = pairOf(remembered('alice', false, createKeyring(randomBytes(32))));
  const forged = ['', '.', `${encoded('alice')}.`, `${encoded('alice')}`, `${encoded('bob')}.${proof}`, `.${proof}`];
  for (const value of forged) expect(device.username(visit(`latchkey_known=${value}`)), value).toBeUndefined();
  expect(device.username(visit(foreign))).toBeUndefined();
});
