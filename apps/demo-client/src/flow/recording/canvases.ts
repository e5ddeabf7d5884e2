import type { Exchange } from '@latchkey/flow-reports';
import { sizeOf } from './exchange-merge.ts';

export interface Kept {
  exchange: Exchange;
  /** What it may be joined by. */
  ties: readonly string[];
  pictureId: string | undefined;
  order: number;
  change: number;
}

/** One browser's picture as it is kept. */
export interface Canvas {
  kept: Kept[];
  /** Characters. */
  size: number;
  /** Of the newest exchange. */
  order: number;
  /** Of the last change. */
  change: number;
  clearedAt: number;
}

export interface Canvases {
  has(id: string): boolean;
  get(id: string): Canvas | undefined;
  /** Begins one, or says that it is in use. */
  use(id: string, change: number): void;
  draw(id: string, kept: Kept): void;
}

export interface CanvasesOptions {
  readonly isWatched: (id: string) => boolean;
  /** What had to make room. */
  readonly onDropped: (kept: Kept) => void;
}

const mostCanvases = 50;
const mostExchanges = 400;
/** Characters of one picture. */
const mostText = 2_000_000;

/** All pictures, bounded in their number and in what each holds. */
export function createCanvases({ isWatched, onDropped }: CanvasesOptions): Canvases {
  const canvases = new Map<string, Canvas>();

  /** The picture that has rested longest, and that nobody is looking at. */
  function forgetOne(): void {
    const ids = [...canvases.keys()];
    const id = ids.find((each) => !isWatched(each)) ?? ids[0];
    if (id === undefined) return;
    canvases.get(id)?.kept.forEach(onDropped);
    canvases.delete(id);
  }

  return {
    has: (id) => canvases.has(id),
    get: (id) => canvases.get(id),
    use(id, change) {
      const canvas = canvases.get(id) ?? { kept: [], size: 0, order: 0, change, clearedAt: change };
      // The one that was used last stands last.
      canvases.delete(id);
      if (canvases.size >= mostCanvases) forgetOne();
      canvases.set(id, canvas);
    },
    draw(id, kept) {
      const canvas = canvases.get(id);
      if (!canvas) return;
      kept.order = ++canvas.order;
      canvas.kept.push(kept);
      canvas.size += sizeOf(kept.exchange);
      while (canvas.kept.length > mostExchanges || (canvas.size > mostText && canvas.kept.length > 1)) {
        const [dropped] = canvas.kept.splice(0, 1);
        if (!dropped) break;
        canvas.size -= sizeOf(dropped.exchange);
        onDropped(dropped);
      }
    },
  };
}
