import { randomBytes } from 'node:crypto';
import type { Pages } from '@latchkey/pages';
import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';

interface Words {
  readonly heading: string;
  readonly explanation: string;
}

/** What happened, and what to do next, by OAuth error code. */
const wordsByError: Readonly<Record<string, Words>> = {
  invalid_client: {
    heading: 'We do not know this app',
    explanation:
      'The link that brought you here names an app that is not registered, or no longer. Nothing was shared. Go back to the app, and tell whoever runs it.',
  },
  invalid_redirect_uri: {
    heading: 'This app asked to send you somewhere it may not',
    explanation:
      'To keep you safe we stopped here, and nothing was shared. Go back to the app, and tell whoever runs it.',
  },
  access_denied: {
    heading: 'Access was not allowed',
    explanation: 'Nothing was shared with the app. You can close this page, or go back to the app and try again.',
  },
  server_error: {
    heading: 'Something went wrong on our side',
    explanation: 'Nothing was shared. Please go back to the app and try again in a moment.',
  },
};

const otherwise: Words = {
  heading: 'This request cannot be completed',
  explanation:
    'The app that sent you here made a request we cannot accept. Nothing was shared. Go back to the app and try again; if it happens once more, tell whoever runs it.',
};

/** The page for a request that cannot be sent back to a client. The reference finds the reason in the log. */
export async function errorPage(
  pages: Pages,
  ctx: KoaContextWithOIDC,
  out: ErrorOut,
  error: Error,
  onError: (ctx: KoaContextWithOIDC, reference: string, error: Error) => void,
): Promise<void> {
  const reference = randomBytes(6).toString('hex');
  onError(ctx, reference, error);
  const { status } = ctx;
  await pages.render(ctx, 'error/error', { ...describeError(ctx, out), reference }, status);
}

function describeError(ctx: KoaContextWithOIDC, { error, error_description }: ErrorOut) {
  const words = signOutWords(ctx) ?? wordsByError[error] ?? otherwise;
  const uri = ctx.oidc?.client?.clientUri;
  const next = uri ? { label: `Go back to ${ctx.oidc.client?.clientName ?? 'the app'}`, href: uri } : undefined;
  return { ...words, title: words.heading, next, error, error_description };
}

function signOutWords({ oidc }: KoaContextWithOIDC): Words | undefined {
  if (!oidc?.route?.startsWith('end_session')) return undefined;
  return {
    heading: 'You could not be signed out this way',
    explanation:
      'The request to sign you out was not complete, or the page was too old. Open the app again and sign out there, or use the button below.',
  };
}
