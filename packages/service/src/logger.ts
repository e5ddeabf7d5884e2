import { pino } from 'pino';
import { currentTrace } from './trace-context.ts';

export type Logger = Pick<pino.Logger, 'info' | 'warn' | 'error' | 'debug'> &
  Partial<Pick<pino.Logger, 'isLevelEnabled'>>;

/** Fields that may carry a secret never reach the log, whoever logs them. */
const secretFields = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'client_secret',
  'code',
  'code_verifier',
  'access_token',
  'refresh_token',
  'id_token',
  'registration_access_token',
];

/** JSON lines on standard output, one per event, with the trace of the request it happened in. `level` is pino's (`silent` in tests). */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    mixin: traceFields,
    redact: { paths: secretFields.flatMap((field) => [`["${field}"]`, `*["${field}"]`]), censor: '[secret]' },
  });
}

/** The names are OpenTelemetry's for logs that are not its own. */
function traceFields(): object {
  const trace = currentTrace();
  return trace ? { trace_id: trace.traceId, span_id: trace.spanId } : {};
}
