import type { Exchange, Report } from '@latchkey/flow-reports';
import { type Canvas, createCanvases, type Kept } from './canvases.ts';
import { linksOf, namedPicture } from './exchange-links.ts';
import { exchangeIn, mergeReport, sizeOf } from './exchange-merge.ts';

const mostHomeless = 300;
const mostLinks = 5_000;

/** An exchange in its place in a picture. */
export interface Drawn {
  readonly exchange: Exchange;
  /** Grows with each new exchange of the picture. */
  readonly order: number;
  /** The number of its last change; numbers grow over all pictures, and are never given out twice. */
  readonly change: number;
}

export interface Picture {
  /** By the time at which they began. */
  readonly drawn: readonly Drawn[];
  /** The number of the last change. */
  readonly change: number;
  /** Changes before this one are gone: the picture was cleared then, or begun. */
  readonly clearedAt: number;
}

/** What passed, by the browser that it belongs to. In memory only, and bounded. */
export interface Pictures {
  /** A trace that a browser has begun: what is joined by it is this browser's. */
  begin(pictureId: string, traceId: string): void;
  take(report: Report): void;
  picture(pictureId: string): Picture;
  clear(pictureId: string): void;
  /** Something that all pictures show has changed. */
  stir(): void;
  /** @returns stops listening */
  watch(pictureId: string, changed: () => void): () => void;
}

export function createPictures(): Pictures {
  const watchers = new Map<string, Set<() => void>>();
  const known = new Map<string, Kept>();
  const forget = ({ exchange }: Kept) => void known.delete(exchange.id);
  const canvases = createCanvases({ isWatched: (id) => watchers.has(id), onDropped: forget });
  const homes = new Map<string, string>();
  let homeless: Kept[] = [];
  // NOTE: a browser that comes back after a restart of ours names a number that is older than all of these.
  let lastChange = Date.now();

  function homeOf(tie: string): string | undefined {
    const id = homes.get(tie);
    return id !== undefined && canvases.has(id) ? id : undefined;
  }

  /** The first who has it keeps it, as long as their picture is there. */
  function remember(tie: string, pictureId: string): void {
    if (homeOf(tie) !== undefined) return;
    const [oldest] = homes.keys();
    if (homes.size >= mostLinks && oldest !== undefined) homes.delete(oldest);
    homes.set(tie, pictureId);
  }

  /** What the browser says itself counts before whatever it has in common with another. */
  function pictureFor({ exchange, ties, pictureId }: Kept): string | undefined {
    if (pictureId !== undefined) return pictureId;
    const named = namedPicture(exchange);
    if (named !== undefined && canvases.has(named)) return named;
    return ties.map(homeOf).find((id) => id !== undefined);
  }

  /** Gives an exchange its picture, if it can be told by now; and with it every other that waited for it. */
  function settle(kept: Kept): void {
    const home = pictureFor(kept);
    if (home === undefined) return;
    for (const tie of kept.ties) remember(tie, home);
    if (kept.pictureId === undefined) {
      homeless = homeless.filter((each) => each !== kept);
      kept.pictureId = home;
      canvases.draw(home, kept);
    }
    kept.change = ++lastChange;
    announce(home, kept.change);
    for (const other of homeless) if (other.ties.some((tie) => homeOf(tie) === home)) settle(other);
  }

  function announce(id: string, change: number): void {
    const canvas = canvases.get(id);
    if (canvas) canvas.change = change;
    for (const changed of watchers.get(id) ?? []) changed();
  }

  function update(kept: Kept, exchange: Exchange): void {
    const canvas = kept.pictureId === undefined ? undefined : canvases.get(kept.pictureId);
    if (canvas) canvas.size += sizeOf(exchange) - sizeOf(kept.exchange);
    kept.exchange = exchange;
    kept.ties = tiesOf(exchange);
  }

  function receive(report: Report): Kept {
    const exchange = exchangeIn(report);
    const kept: Kept = { exchange, ties: tiesOf(exchange), pictureId: undefined, order: 0, change: 0 };
    known.set(report.id, kept);
    homeless.push(kept);
    // NOTE: its link may still come, but not for ever.
    const given = homeless.length > mostHomeless ? homeless.shift() : undefined;
    if (given) forget(given);
    return kept;
  }

  return {
    begin(pictureId, traceId) {
      if (!canvases.has(pictureId)) lastChange += 1;
      canvases.use(pictureId, lastChange);
      remember(`trace ${traceId}`, pictureId);
    },
    take(report) {
      const before = known.get(report.id);
      if (before) update(before, mergeReport(before.exchange, report));
      settle(before ?? receive(report));
    },
    picture(pictureId) {
      const nothing: Canvas = { kept: [], size: 0, order: 0, change: lastChange, clearedAt: lastChange };
      const { kept, change, clearedAt } = canvases.get(pictureId) ?? nothing;
      const drawn = kept.map(({ exchange, order, change: at }) => ({ exchange, order, change: at }));
      drawn.sort((one, other) => one.exchange.startedAt - other.exchange.startedAt || one.order - other.order);
      return { drawn, change, clearedAt };
    },
    clear(pictureId) {
      const canvas = canvases.get(pictureId);
      if (!canvas) return;
      canvas.kept.forEach(forget);
      canvas.kept = [];
      canvas.size = 0;
      canvas.clearedAt = ++lastChange;
      announce(pictureId, canvas.clearedAt);
    },
    stir() {
      for (const ours of watchers.values()) for (const changed of ours) changed();
    },
    watch(pictureId, changed) {
      const ours = watchers.get(pictureId) ?? new Set();
      watchers.set(pictureId, ours.add(changed));
      return () => {
        ours.delete(changed);
        if (ours.size === 0 && watchers.get(pictureId) === ours) watchers.delete(pictureId);
      };
    },
  };
}

function tiesOf(exchange: Exchange): readonly string[] {
  return [`trace ${exchange.traceId}`, ...linksOf(exchange)];
}
