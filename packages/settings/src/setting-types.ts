import { z } from 'zod';

const truthy = new Set(['true', '1', 'yes', 'on']);
const falsy = new Set(['false', '0', 'no', 'off']);

/** `true` or `false` (also 1/0, yes/no, on/off). */
export const booleanSetting = z.string().transform((value, context) => {
  const word = value.toLowerCase();
  if (truthy.has(word)) return true;
  if (falsy.has(word)) return false;
  context.addIssue({ code: 'custom', message: 'must be true or false' });
  return z.NEVER;
});

/** A TCP port; 0 lets the system choose. */
export const portSetting = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number')
  .transform(Number)
  .refine((port) => port <= 65535, 'must be a port number, at most 65535');

/** A comma-separated list without empty members. */
export const listSetting = z.string().transform((value) =>
  value
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== ''),
);

/** The address of a PostgreSQL database. Never repeated in a message: it holds a password. */
export const databaseUrlSetting = z
  .string()
  .refine(
    (value) => /^postgres(ql)?:$/.test(URL.parse(value)?.protocol ?? ''),
    'must be a postgres:// URL, or unset for the embedded database in DATA_DIR',
  );

/** `scheme://host[:port]` and nothing after it: no path, query, fragment or user. */
export const originSetting = z.string().transform((value, context) => {
  const url = URL.parse(value);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.href === `${url.origin}/`)
    return url.origin;
  context.addIssue({ code: 'custom', message: `must be an http or https origin without a path, got "${value}"` });
  return z.NEVER;
});
