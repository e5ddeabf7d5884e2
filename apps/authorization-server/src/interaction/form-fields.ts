import type { Context } from 'koa';

/** A form's field as one string; empty when it is missing or was sent more than once. */
export function formField(ctx: Context, name: string): string {
  const value = bodyOf(ctx)[name];
  return typeof value === 'string' ? value : '';
}

/** All values of a field that may be there many times. */
export function formFields(ctx: Context, name: string): string[] {
  const value = bodyOf(ctx)[name];
  const values = Array.isArray(value) ? value : [value];
  return values.filter((member): member is string => typeof member === 'string');
}

function bodyOf(ctx: Context): Record<string, unknown> {
  const { body } = ctx.request as { body?: unknown };
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}
