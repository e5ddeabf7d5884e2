import type { Contender, Visitor } from './contender.ts';
import type { RunningServer } from './running-server.ts';
import { signIn } from './sign-in.ts';

/** Signs in as often as told, so that no two connections share a session or a refresh token. */
export async function signInVisitors(
  server: RunningServer,
  count: number,
): Promise<Pick<Contender, 'server' | 'visitors'>> {
  const visitors: Visitor[] = [];
  // NOTE: one after the other, since the first one answers the consent page for all.
  for (let index = 0; index < count; index++) visitors.push({ ...(await signIn(server)) });
  return { server, visitors };
}
