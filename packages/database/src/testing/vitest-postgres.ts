import { startLender } from './postgres-lender.ts';

/** One PostgreSQL for a whole run of vitest, for all of its projects; started when the first test asks for a database. @public */
export async function setup() {
  const lender = await startLender();
  return () => lender[Symbol.asyncDispose]();
}
