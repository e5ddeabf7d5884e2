/** What `node --cpu-prof` writes, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Microseconds of the machine's monotonic clock. */
  readonly startTime: number;
  /** The node that was running, sample by sample, and how long it was since the sample before, in microseconds. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
}

export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** A call frame with whoever called it. */
export interface Frame extends CallFrame {
  readonly caller: Frame | undefined;
}

export interface FrameTime {
  readonly frame: Frame;
  /** Microseconds in the function itself. */
  readonly self: number;
}

/**
 * The time of every stack that was seen between two moments: starting up and signing in are not what is asked about.
 *
 * @param from microseconds of the monotonic clock
 */
export function selfTimes(profile: CpuProfile, from: number, to: number): FrameTime[] {
  const frames = framesOf(profile.nodes);
  const times = new Map<Frame, number>();
  let now = profile.startTime;
  profile.samples.forEach((id, index) => {
    const passed = profile.timeDeltas[index] ?? 0;
    now += passed;
    const frame = frames.get(id);
    if (frame && now >= from && now <= to) times.set(frame, (times.get(frame) ?? 0) + passed);
  });
  return [...times].map(([frame, self]) => ({ frame, self }));
}

function framesOf(nodes: readonly ProfileNode[]): ReadonlyMap<number, Frame> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const frames = new Map<number, Frame>();
  const frameOf = (id: number): Frame | undefined => {
    const known = frames.get(id);
    const node = byId.get(id);
    if (known || !node) return known;
    const caller = callers.get(id);
    const frame: Frame = { ...node.callFrame, caller: caller === undefined ? undefined : frameOf(caller) };
    frames.set(id, frame);
    return frame;
  };
  for (const { id } of nodes) frameOf(id);
  return frames;
}
