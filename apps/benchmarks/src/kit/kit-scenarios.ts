import { runLanes } from '../load/measurement.ts';
import { getRequest } from '../load/request-text.ts';
import type { HttpAnswer } from '../load/response-parser.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { note, path, scope } from './guard-task.ts';
import type { GuardedServer } from './kit-contender.ts';
import type { KitIssuer, TokenAlgorithm } from './kit-issuer.ts';

export type KitScenario = Scenario<GuardedServer, number>;

interface TokenCrowd {
  readonly name: string;
  readonly title: string;
  readonly algorithm: TokenAlgorithm;
  /** How many different tokens are presented in turn. */
  readonly tokens: number;
}

export const crowds: readonly TokenCrowd[] = [
  { name: 'one_token', title: '1 token, ES256', algorithm: 'ES256', tokens: 1 },
  { name: 'thousand_tokens', title: '1,000 tokens, ES256', algorithm: 'ES256', tokens: 1_000 },
  { name: 'thousand_rsa', title: '1,000 tokens, RS256', algorithm: 'RS256', tokens: 1_000 },
];

/** The same tokens for every contender, in turn over all its connections. */
export async function kitScenario({ name, title, algorithm, tokens }: TokenCrowd, issuer: KitIssuer) {
  const made = await Promise.all(
    Array.from({ length: tokens }, () => issuer.accessToken(algorithm, `openid ${scope} write:notes`)),
  );
  const scenario: KitScenario = {
    name,
    title,
    async prepare({ server: { host }, lanes }) {
      const requests = made.map((token) => getRequest(host, path, { Authorization: `Bearer ${token}` }));
      let next = 0;
      const ask: Awaited<ReturnType<KitScenario['prepare']>> = async ({ connection }) => {
        const request = requests[next % requests.length] ?? '';
        next += 1;
        expectNote(await connection.ask(request));
        return true;
      };
      // NOTE: whoever remembers tokens has seen each of them before the clock starts; the others are warm, too.
      const warmed = await runLanes(lanes, async (lane) => next < tokens && (await ask(lane)), 60);
      if (warmed.errors.length > 0) throw warmed.errors[0];
      return ask;
    },
  };
  return scenario;
}

const expected = Buffer.from(JSON.stringify(note));

function expectNote({ status, body }: HttpAnswer): void {
  if (status !== 200 || !expected.equals(body)) throw new Error(`${status} ${body.toString().slice(0, 300)}`);
}
