import type { Report } from '@latchkey/flow-reports';
import { z } from 'zod';

const party = z.enum(['browser', 'client', 'authorization-server', 'api', 'upstream', 'thief']);
const headers = z.array(z.tuple([z.string(), z.string()])).max(100);
const text = z.string().max(20_000);

const report = z.object({
  reporter: z.enum(['authorization-server', 'api']),
  id: z.string().max(80),
  traceId: z.string().max(40),
  causedBy: z.string().max(80).optional(),
  from: party,
  to: party,
  channel: z.enum(['front', 'back']),
  startedAt: z.number(),
  tookMs: z.number().optional(),
  request: z.object({ method: z.string().max(20), url: z.url().max(8_000), headers, body: text.optional() }),
  answer: z.object({ status: z.int(), headers, body: text.optional() }).optional(),
  failure: text.optional(),
  checks: z
    .array(
      z.object({
        by: party,
        name: z.string().max(40),
        outcome: z.enum(['passed', 'failed']),
        detail: z.string().max(500).optional(),
      }),
    )
    .max(40),
});

/** What the other apps tell; undefined for anything else. */
export function readReports(body: unknown): readonly Report[] | undefined {
  const read = z.array(report).max(1_000).safeParse(body);
  return read.success ? (read.data as readonly Report[]) : undefined;
}
