import type { Report } from './exchange.ts';

export interface ReportSender {
  readonly tell: (report: Report) => void;
  /** Sends what is left, if that is taken at once. */
  close(): Promise<void>;
}

export interface ReportSenderOptions {
  readonly url: string;
  readonly secret: string;
}

const batchMs = 15;
const most = 500;
/** Characters of one request, or a little more; the collector takes four times as many. */
const batchSize = 1_000_000;
const patienceMs = 2_000;
const lastPatienceMs = 250;

/**
 * Sends reports to the collector, a few at a time and in their order. Who listens or does not listen never holds up what
 * is reported on: where nobody takes them they are dropped.
 */
export function createReportSender({ url, secret }: ReportSenderOptions): ReportSender {
  let waiting: Report[] = [];
  let sending: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const leaving = new AbortController();

  function nextBatch(): string {
    const batch: string[] = [];
    let size = 0;
    for (const report of waiting) {
      if (size >= batchSize) break;
      size += batch[batch.push(JSON.stringify(report)) - 1]?.length ?? 0;
    }
    waiting = waiting.slice(batch.length);
    return `[${batch.join()}]`;
  }

  async function send(): Promise<void> {
    while (waiting.length > 0) {
      const body = nextBatch();
      await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${secret}` },
        body,
        signal: AbortSignal.any([AbortSignal.timeout(patienceMs), leaving.signal]),
      }).then(
        (response) => response.body?.cancel(),
        () => {},
      );
    }
  }

  function begin(): Promise<void> {
    sending ??= send().finally(() => {
      sending = undefined;
    });
    return sending;
  }

  return {
    tell(report) {
      if (waiting.length < most) waiting.push(report);
      timer ??= setTimeout(() => {
        timer = undefined;
        void begin();
      }, batchMs).unref();
    },
    async close() {
      clearTimeout(timer);
      const leave = setTimeout(() => leaving.abort(), lastPatienceMs);
      await begin();
      await begin();
      clearTimeout(leave);
    },
  };
}
