import type { Context } from 'koa';
import type { Keyring } from '../keys/keyring.ts';

/*
 * Remembers in the browser who signed in last: the name is offered the next time, and a browser that a person has used
 * is not counted with the strangers who guess at their name. It proves nothing else, and signs nobody in.
 */
const lifetimeMs = 180 * 24 * 60 * 60 * 1000;

export interface KnownDevice {
  /** The username that signed in here last. */
  username(ctx: Context): string | undefined;
  remember(ctx: Context, username: string): void;
}

export function createKnownDevice(keyring: Keyring, https: boolean): KnownDevice {
  const name = `${https ? '__Host-' : ''}latchkey_known`;
  return {
    username(ctx) {
      const [encoded = '', proof] = (ctx.cookies.get(name) ?? '').split('.');
      const username = Buffer.from(encoded, 'base64url').toString();
      return username !== '' && proof === keyring.digest('device-cookie', username) ? username : undefined;
    },
    remember(ctx, username) {
      const value = `${Buffer.from(username).toString('base64url')}.${keyring.digest('device-cookie', username)}`;
      ctx.cookies.set(name, value, {
        httpOnly: true,
        sameSite: 'lax',
        secure: https,
        signed: false,
        overwrite: true,
        maxAge: lifetimeMs,
      });
    },
  };
}
