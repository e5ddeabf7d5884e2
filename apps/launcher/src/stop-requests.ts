const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A second signal within this time is the same Ctrl-C again: the terminal sends it, and npm passes it on as well. */
const sameKeystrokeMs = 1_000;

const npmLookMs = 1_000;

export interface StopRequests {
  readonly requested: Promise<void>;
  /** Aborted at a second Ctrl-C: they do not want to wait. */
  readonly hurried: AbortSignal;
}

/** Who may ask the launcher to stop: a signal, a reader of the output who went away, and npm's own end. */
export function listenForStopRequests(): StopRequests {
  const { promise: requested, resolve } = Promise.withResolvers<void>();
  const hurry = new AbortController();
  let firstSignal: number | undefined;

  for (const signal of signals)
    process.on(signal, () => {
      firstSignal ??= performance.now();
      if (performance.now() - firstSignal > sameKeystrokeMs) hurry.abort();
      resolve();
    });
  process.stdout.on('error', () => resolve());
  if (process.env.npm_lifecycle_event) watchParent(resolve);
  return { requested, hurried: hurry.signal };
}

/** `kill -9` of npm leaves its child running, and who killed npm believes that everything is gone. */
function watchParent(onGone: () => void): void {
  const npm = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(timer);
    onGone();
  }, npmLookMs);
  timer.unref();
}
