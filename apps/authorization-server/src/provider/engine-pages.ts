import type { Pages } from '@latchkey/pages';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { Accounts } from '../accounts/accounts.ts';
import { clientProfile } from './client-profile.ts';
import { errorPage } from './error-page.ts';
import type { Trail } from './trail.ts';

type Features = NonNullable<Configuration['features']>;

export interface EnginePagesNeeds {
  readonly accounts: Accounts;
  readonly pages: Pages;
  readonly trail: Trail;
  readonly onError: (ctx: KoaContextWithOIDC, reference: string, error: Error) => void;
}

/** The engine's own pages (sign-out, device, errors) in our views: it brings the state, we bring the words. */
export function createEnginePages({ accounts, pages, trail, onError }: EnginePagesNeeds) {
  const xsrf = (ctx: KoaContextWithOIDC) => String(ctx.oidc.session?.state?.secret ?? '');

  const logoutSource = async (ctx: KoaContextWithOIDC) => {
    const account = ctx.oidc.session?.accountId ? await accounts.find(ctx.oidc.session.accountId) : undefined;
    await pages.render(ctx, 'sign-out/confirm', {
      title: 'Sign out',
      client: ctx.oidc.client && clientProfile(ctx.oidc.client),
      account,
      action: ctx.oidc.urlFor('end_session_confirm'),
      xsrf: xsrf(ctx),
    });
  };

  const postLogoutSuccessSource = async (ctx: KoaContextWithOIDC) => {
    await pages.render(ctx, 'sign-out/done', {
      title: 'You are signed out',
      client: ctx.oidc.client && clientProfile(ctx.oidc.client),
    });
  };

  const userCodeInputSource: NonNullable<Features['deviceFlow']>['userCodeInputSource'] = async (
    ctx,
    _form,
    out,
    error,
  ) => {
    const problem = error && deviceProblem(error);
    const locals = { title: 'Connect a device', action: ctx.oidc.urlFor('code_verification'), xsrf: xsrf(ctx) };
    const userCode = error && 'userCode' in error ? error.userCode : undefined;
    if (error && out && !problem) return renderError(ctx, out, error);
    return pages.render(ctx, 'device/code', { ...locals, userCode, error: problem }, problem ? 400 : 200);
  };

  const userCodeConfirmSource: NonNullable<Features['deviceFlow']>['userCodeConfirmSource'] = async (
    ctx,
    _form,
    client,
    device,
    userCode,
  ) => {
    await pages.render(ctx, 'device/confirm', {
      title: 'Connect a device',
      client: clientProfile(client),
      userCode,
      device: { ip: device.ip, browser: device.ua },
      action: ctx.oidc.urlFor('code_verification'),
      xsrf: xsrf(ctx),
    });
  };

  const successSource = async (ctx: KoaContextWithOIDC) => {
    await pages.render(ctx, 'device/done', {
      title: 'Your device is connected',
      client: ctx.oidc.client ? clientProfile(ctx.oidc.client) : { name: 'The app' },
    });
  };

  const renderError: NonNullable<Configuration['renderError']> = async (ctx, out, error) => {
    if (error.name === 'SessionNotFound' && typeof ctx.params?.uid === 'string') {
      await trail.beginAgain(ctx, ctx.params.uid);
      return;
    }
    await errorPage(pages, ctx, out, error, onError);
  };

  return {
    logoutSource,
    postLogoutSuccessSource,
    userCodeInputSource,
    userCodeConfirmSource,
    successSource,
    renderError,
  };
}

function deviceProblem(error: Error): string | undefined {
  switch (error.name) {
    case 'NoCodeError':
      return 'Enter the code that your device shows.';
    case 'NotFoundError':
      return 'No device is waiting with this code. Compare it with your device and try again.';
    case 'ExpiredError':
      return 'This code has run out. Start again on your device to get a new one.';
    case 'AlreadyUsedError':
      return 'This code has been used already. Start again on your device to get a new one.';
    case 'AbortedError':
      return 'Nothing was connected. You can close this page, or enter another code.';
    default:
      return undefined;
  }
}
