import { join } from 'node:path';

/** Where the demo client's secret lives; the authorization server and the demo client both read this file. */
export function clientSecretFile(dataDirectory: string): string {
  return join(dataDirectory, 'demo-client', 'client-secret');
}
