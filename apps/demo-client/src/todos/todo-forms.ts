import type { Context } from 'koa';
import type { PendingAction } from '../sign-in/pending-action.ts';
import { listViewIn, type Show } from './list-view.ts';

/** A form says from which part of the list it was sent. */
export function showIn(ctx: Context): Show {
  const from = ctx.method === 'POST' ? ctx.request.body : ctx.query;
  return listViewIn((name) => field(from, name)).show;
}

/** At the API. */
export function pathOf(ctx: Context): string {
  return `/api/todos/${encodeURIComponent(String(ctx.params.id))}`;
}

export function changeOf(ctx: Context, change: object): PendingAction {
  return { method: 'PATCH', path: pathOf(ctx), body: JSON.stringify(change) };
}

/** A text field of a form or a query; anything else is the empty string. */
export function field(from: unknown, name: string): string {
  const value: unknown = typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;
  return typeof value === 'string' ? value.slice(0, 2_000) : '';
}
