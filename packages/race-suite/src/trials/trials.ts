import { codeTrial } from './code-trial.ts';
import { otherClientTrial } from './other-client-trial.ts';
import { proofTrial } from './proof-trial.ts';
import { pushedRequestTrial } from './pushed-request-trial.ts';
import { refreshTrial } from './refresh-trial.ts';
import { graceTrial, reuseTrial } from './reuse-trial.ts';
import { revocationTrial } from './revocation-trial.ts';
import type { Trial } from './trial.ts';
import type { TrialName } from './trial-names.ts';

export const trials: Readonly<Record<TrialName, Trial>> = {
  codes: codeTrial,
  refresh: refreshTrial,
  reuse: reuseTrial,
  grace: graceTrial,
  revoke: revocationTrial,
  'other-client': otherClientTrial,
  par: pushedRequestTrial,
  dpop: proofTrial,
};
