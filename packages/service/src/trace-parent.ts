/** W3C Trace Context (23 November 2021), section 3.2: the header `traceparent`, read as strictly and written as plainly as it asks. */
export interface TraceParent {
  /** 32 lower-case hexadecimal digits, not all zero: the whole journey of a request through every service. */
  readonly traceId: string;
  /** 16 of them: one step of the journey. */
  readonly spanId: string;
  /** Whether the caller records the trace. */
  readonly sampled: boolean;
}

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * "Versioning of traceparent": what a later version puts behind the four fields that are known is passed
 * over, version 00 has nothing there, and ff is no version.
 *
 * @returns `undefined` for what is not well-formed, as well as for ids that are all zero
 */
export function readTraceParent(header: string): TraceParent | undefined {
  const [, version, traceId, spanId, flags, more] = form.exec(header) ?? [];
  if (!version || !traceId || !spanId || !flags) return undefined;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Version 00, with the one flag that it knows. */
export function writeTraceParent({ traceId, spanId, sampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
