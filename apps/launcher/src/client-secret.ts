import { join } from 'node:path';

/** Where the secret lives with which the apps tell the demo client what passes, for the live picture. */
export function flowSecretFile(dataDirectory: string): string {
  return join(dataDirectory, 'demo-client', 'flow-secret');
}

/** Where the demo client's secret lives; the authorization server and the demo client both read this file. */
export function clientSecretFile(dataDirectory: string): string {
  return join(dataDirectory, 'demo-client', 'client-secret');
}
