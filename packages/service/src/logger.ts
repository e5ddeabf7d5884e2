import { pino } from 'pino';

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

/** JSON lines on standard output, one per event. `level` is pino's (`silent` in tests). */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    redact: { paths: secretFields.flatMap((field) => [`["${field}"]`, `*["${field}"]`]), censor: '[secret]' },
  });
}
