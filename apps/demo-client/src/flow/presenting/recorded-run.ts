import { z } from 'zod';
import type { RecordedRun } from '../presented-exchange.ts';

const text = z.string().max(5_000);
const short = z.string().max(300);
const party = z.enum(['browser', 'client', 'authorization-server', 'api', 'upstream', 'thief']);
const time = z.number().min(0).max(8.64e15);
/** NOTE: a run from elsewhere must not lead anywhere but to specifications, nor run as script. */
const reference = z.strictObject({ label: short, href: z.url({ protocol: /^https$/ }).max(500) });
const claim = z.strictObject({ name: short, value: text, why: text.optional(), rfc: reference.optional() });
const token = z.strictObject({ header: z.array(claim).max(100), claims: z.array(claim).max(100) });

/** NOTE: where a secret can be asked for is left out: nobody answers for a run that is over. */
const value = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text }),
  z
    .strictObject({
      kind: z.literal('secret'),
      hash: z.string().regex(/^[\da-f]{8}$/),
      length: z.int().min(0),
      reveal: short.optional(),
      token: token.optional(),
    })
    .transform(({ reveal: _, ...rest }) => rest),
]);

const part = z.strictObject({
  name: short,
  where: z.enum(['query', 'form', 'json', 'header', 'location']),
  value,
  why: text.optional(),
  rfc: reference.optional(),
});

const message = z.strictObject({
  label: text,
  carries: z.array(short).max(100),
  method: z.string().max(20).optional(),
  url: text.optional(),
  status: z.int().min(100).max(599).optional(),
  parameters: z.array(part).max(2_000),
  headers: z.array(part).max(200),
  body: text.optional(),
});

const check = z.strictObject({
  by: party,
  name: short,
  outcome: z.enum(['passed', 'failed']),
  words: text,
  rfc: reference.optional(),
});

const exchange = z.strictObject({
  id: z.string().regex(/^[\w-]{1,80}$/),
  order: z.int(),
  causedBy: z
    .string()
    .regex(/^[\w-]{1,80}$/)
    .optional(),
  from: party,
  to: party,
  channel: z.enum(['front', 'back']),
  step: z.enum([
    'sign-in',
    'authorization-request',
    'sign-in-and-consent',
    'authorization-answer',
    'token-exchange',
    'session',
    'api-call',
    'refresh',
    'sign-out',
    'account',
    'keys',
    'other',
  ]),
  title: text,
  startedAt: time,
  tookMs: z.number().min(0).optional(),
  outcome: z.enum(['under way', 'done', 'refused', 'failed']),
  request: message,
  answer: message.optional(),
  failure: text.optional(),
  checks: z.array(check).max(100),
  attempt: short.optional(),
});

const run = z.strictObject({
  format: z.literal('latchkey-flow-1'),
  title: short,
  recordedAt: time,
  exchanges: z.array(exchange).max(2_000),
});

/** A run that was written down, read strictly, since people open files from elsewhere; undefined for anything else. */
export function readRecordedRun(content: unknown): RecordedRun | undefined {
  const read = run.safeParse(content);
  return read.success ? (read.data as RecordedRun) : undefined;
}
