/**
 * What we know of the authorization server: its metadata, found when first needed and kept, so that we start while it
 * is away. Speaking to its endpoints belongs to the rooms that need an answer from them.
 */
import { tracedFetch } from '@latchkey/service';
import * as oidc from 'openid-client';

/** The authorization server does not answer, or not in a way that makes sense. Trying again later may help. */
export class IssuerUnavailableError extends Error {
  constructor(cause: unknown) {
    super('the authorization server cannot be reached', { cause });
    this.name = 'IssuerUnavailableError';
  }
}

export interface Issuer {
  /** @throws {IssuerUnavailableError} */
  configuration(): Promise<oidc.Configuration>;
}

export interface IssuerOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly now: () => number;
  /** How requests are sent; default: as part of the trace. */
  readonly fetch?: typeof fetch | undefined;
}

/** No request to the authorization server lasts longer. Leases on tokens build on it. */
export const issuerTimeoutSeconds = 10;

const freshForMs = 60 * 60_000;

export function createIssuer({ issuer, clientId, clientSecret, now, fetch = tracedFetch }: IssuerOptions): Issuer {
  let known: { configuration: oidc.Configuration; foundAt: number } | undefined;
  let underWay: Promise<oidc.Configuration> | undefined;

  async function discover(): Promise<oidc.Configuration> {
    try {
      const configuration = await oidc.discovery(
        new URL(issuer),
        clientId,
        { [oidc.clockTolerance]: 10 },
        oidc.ClientSecretBasic(clientSecret),
        {
          timeout: issuerTimeoutSeconds,
          [oidc.customFetch]: fetch as oidc.CustomFetch,
          execute: [
            // NOTE: the signature of ID tokens is checked although they come straight from the server: it may be plain http here.
            oidc.enableNonRepudiationChecks,
            ...(issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []),
          ],
        },
      );
      known = { configuration, foundAt: now() };
      return configuration;
    } catch (error) {
      throw new IssuerUnavailableError(error);
    } finally {
      underWay = undefined;
    }
  }

  return {
    async configuration() {
      if (known && now() - known.foundAt < freshForMs) return known.configuration;
      underWay ??= discover();
      if (!known) return underWay;
      // What was found an hour ago still serves while it is looked up again, or while nobody answers.
      underWay.catch(() => {});
      return known.configuration;
    },
  };
}
