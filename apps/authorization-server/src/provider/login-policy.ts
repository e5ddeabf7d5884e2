import { interactionPolicy } from 'oidc-provider';

const { Check } = interactionPolicy;

/**
 * The engine's reasons to ask for a sign-in, and one more: the session belongs to somebody who has been deleted or
 * disabled since, and who is as good as not signed in.
 */
export function loginPrompt(): interactionPolicy.Prompt {
  const prompt = interactionPolicy.base().get('login');
  if (!prompt) throw new TypeError('the engine has no login prompt');
  prompt.checks.add(
    new Check('account_missing', 'End-User authentication is required', 'login_required', ({ oidc }) =>
      oidc.session?.accountId !== undefined && !oidc.account ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
    ),
    0,
  );
  return prompt;
}
