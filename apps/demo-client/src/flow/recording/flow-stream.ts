import { PassThrough } from 'node:stream';
import type { Context } from 'koa';
import type { FlowState, PresentedExchange } from '../presented-exchange.ts';
import type { Drawn, Picture } from './pictures.ts';

export interface FlowStreamNeeds {
  picture(): Picture;
  /** How each exchange of a picture may be seen. */
  present(drawn: readonly Drawn[]): (one: Drawn) => PresentedExchange;
  state(): Promise<FlowState>;
  watch(changed: () => void): () => void;
  /** Aborted when the app stops: then whoever looks on is let go. */
  readonly stopping: AbortSignal;
}

const heartbeatMs = 20_000;
const gatherMs = 30;
const retryMs = 500;

/**
 * The picture as it changes (Server-Sent Events): `exchange` for each that is new or has changed, `state`, and `cleared`. The
 * number of a change is its event's id, so a browser that lost the connection gets what it missed. The stream ends when the
 * browser's session is another: it reads who is signed in by the cookie that it was opened with.
 */
export function streamFlow(ctx: Context, { picture, present, state, watch, stopping }: FlowStreamNeeds): void {
  const out = new PassThrough();
  let seen = Number(/^\d{1,15}$/.exec(ctx.get('Last-Event-ID'))?.[0] ?? 0);
  let isFirst = true;
  let gathering: NodeJS.Timeout | undefined;

  const write = (text: string) => out.writable && out.write(text);
  const send = (event: string, data: unknown, id?: number) =>
    write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);

  async function flush(): Promise<void> {
    gathering = undefined;
    const { drawn, change, clearedAt } = picture();
    if (seen !== 0 && (seen < clearedAt || seen > change)) {
      send('cleared', {}, clearedAt);
      seen = 0;
    }
    const fresh = drawn.filter((each) => each.change > seen).sort((one, other) => one.change - other.change);
    const presented = present(drawn);
    for (const each of fresh) send('exchange', presented(each), each.change);
    seen = change;
    send('state', await state());
    if (!isFirst && fresh.some(handsSession)) out.end();
    isFirst = false;
  }
  const soon = () => {
    gathering ??= setTimeout(() => void flush().catch(() => out.end()), gatherMs);
  };
  const end = () => void out.end();

  ctx.status = 200;
  ctx.type = 'text/event-stream';
  ctx.set({ 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  ctx.body = out;
  write(`retry: ${retryMs}\n\n`);
  soon();
  const unwatch = watch(soon);
  const beating = setInterval(() => write(': still here\n\n'), heartbeatMs).unref();
  stopping.addEventListener('abort', end);
  ctx.res.once('close', () => {
    unwatch();
    clearTimeout(gathering);
    clearInterval(beating);
    stopping.removeEventListener('abort', end);
    out.end();
  });
}

/** The answer gave the browser another session, or took its session away. */
function handsSession({ exchange: { to, answer } }: Drawn): boolean {
  const isSession = ([name, value]: readonly [string, string]) =>
    /^set-cookie$/i.test(name) && /^(?:__Host-)?latchkey_demo=/.test(value);
  return to === 'client' && (answer?.headers.some(isSession) ?? false);
}
