import { randomBytes } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import { pictureCookie } from './exchange-links.ts';
import type { Pictures } from './pictures.ts';

/**
 * Each browser has a picture of its own, by a cookie. What it asks for is noted as its own; what it is looked at with is not.
 *
 * @param isNoted whether a path is
 */
export function browserPicture(pictures: Pictures, isNoted: (path: string) => boolean, https: boolean): Middleware {
  return (ctx, next) => {
    const id = pictureIdOf(ctx) ?? (isPage(ctx) ? begin(ctx, https) : undefined);
    ctx.state.picture = id;
    if (id !== undefined && isNoted(ctx.path)) pictures.begin(id, (ctx.state.trace as { traceId: string }).traceId);
    return next();
  };
}

/** The empty string is nobody's. */
export function pictureOf(ctx: Context): string {
  return String(ctx.state.picture ?? '');
}

function pictureIdOf(ctx: Context): string | undefined {
  return /^[\w-]{22}$/.exec(ctx.cookies.get(pictureCookie) ?? '')?.[0];
}

/** NOTE: files and what script asks for come along with a page, and must not each begin a picture. */
function isPage(ctx: Context): boolean {
  return ctx.method === 'GET' && ctx.get('Accept').includes('text/html');
}

function begin(ctx: Context, https: boolean): string {
  const id = randomBytes(16).toString('base64url');
  ctx.cookies.secure = https;
  ctx.cookies.set(pictureCookie, id, { httpOnly: true, sameSite: 'lax', secure: https, path: '/', overwrite: true });
  return id;
}
