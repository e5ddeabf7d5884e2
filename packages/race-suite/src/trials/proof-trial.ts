import { told } from '../answer.ts';
import type { Course } from '../course.ts';
import { createProofKey } from '../dpop-proof.ts';
import type { GrantedCode } from '../oauth-client.ts';
import { RaceFailure } from '../race-failure.ts';
import { atMostOneAccepted } from '../showing.ts';
import { alike, seen, skipped, type Trial } from './trial.ts';

/** Each use takes a code of its own, and codes are fetched one by one. */
const mostCodes = 5;

/** One DPoP proof, sent with several codes at once. */
export const proofTrial: Trial = {
  name: 'dpop',
  rules: () => [{ says: 'a proof is accepted once', from: 'RFC 9449 §11.1', level: 'should' }],
  unfit: ({ metadata }) =>
    metadata.dpop_signing_alg_values_supported?.includes('ES256')
      ? undefined
      : skipped('the server does not take DPoP proofs with ES256'),
  async plan(course) {
    await control(course);
    return alike(course, async () => {
      const granted = await severalCodes(course, Math.min(course.parallel, mostCodes));
      const dpop = await proofFor(course);
      const answers = await Promise.all(granted.map((code) => course.client.exchange(code, { dpop })));
      return [seen(atMostOneAccepted(answers, 'one proof'), answers)];
    });
  },
};

/** Where several codes do not work even with a proof each, it would not be the proof that is refused. */
async function control(course: Course): Promise<void> {
  for (const code of await severalCodes(course, 2)) {
    const answer = await course.client.exchange(code, { dpop: await proofFor(course) });
    if (answer.kind !== '200') throw new RaceFailure(`a code with a proof of its own was answered ${told(answer)}`);
  }
}

async function severalCodes({ codes }: Course, count: number): Promise<GrantedCode[]> {
  const granted: GrantedCode[] = [];
  while (granted.length < count) granted.push(await codes.code());
  return granted;
}

/** RFC 9449, section 8: a server may want its nonce in the proof, and tells it when it is asked in vain. */
async function proofFor({ client, metadata }: Course): Promise<string> {
  const key = createProofKey();
  const vain = { code: 'none', code_verifier: 'none'.repeat(11) };
  const { headers } = await client.exchange(vain, { dpop: key.proof(metadata.token_endpoint, undefined) });
  return key.proof(metadata.token_endpoint, headers.get('dpop-nonce') ?? undefined);
}
