import {
  asymmetricAlgorithms,
  createResourceServer,
  isRefusal,
  type RequestFacts,
  type ResourceServer,
  type ResourceServerOptions,
  requirementOf,
} from '@latchkey/resource-server';
import { speltAnswer, tableOf } from './answers.ts';
import { type Presented, present } from './draft.ts';
import type { EditContext } from './edit.ts';
import { createIssuerDesk, fetchOf } from './issuer-desk.ts';
import { createSigner, type Signer } from './signer.ts';
import { type GoodRequest, goodDraft, type Target, type Verdict } from './target.ts';

const resource = 'https://api.example/api';
const start = Date.parse('2026-01-01T00:00:00Z');
const now = () => start;

/** The kit's core in several configurations, with nothing between it and the mutants. */
export async function createCoreTargets(): Promise<readonly Target[]> {
  const [ecdsa, rsa] = await Promise.all([
    createIssuerDesk('https://one.example', 'ES256'),
    createIssuerDesk('https://two.example/realm', 'RS256'),
  ]);
  const [client, stranger] = await Promise.all([createSigner('ES256'), createSigner('ES256')]);
  const fetch = fetchOf([ecdsa, rsa]);
  const of = (options: Partial<Options>) =>
    createResourceServer<ScopeName>({ ...usual, issuer: ecdsa.issuer, fetch, ...options });
  const withNonces = of({ dpop: { nonces: {} } });
  const several = of({
    issuer: [
      { issuer: ecdsa.issuer, introspection: { clientId: 'api', clientSecret: 'secret' } },
      { issuer: rsa.issuer, profile: 'jwt', scopeClaim: 'scp', isPerson: ({ sub }) => sub === 'alice' },
    ],
    tokenCache: {},
  });
  const certificate = Buffer.alloc(32, 7);
  const [ours, older] = [
    { desk: ecdsa, stranger },
    { desk: rsa, stranger: ecdsa.signer },
  ];

  return [
    coreTarget('bearer, ES256', of({ dpop: false }), ours),
    coreTarget('bearer, RS256, cached', of({ issuer: rsa.issuer, tokenCache: { maxEntries: 50 } }), older),
    coreTarget('optional', of({ tokenCache: {} }), { ...ours, mode: 'optional' }),
    coreTarget('DPoP possible', of({}), { ...ours, client }),
    coreTarget('DPoP required, cached', of({ dpop: { required: true }, tokenCache: {} }), {
      ...ours,
      client,
      bearer: false,
    }),
    coreTarget('DPoP with nonces', withNonces, {
      ...ours,
      client,
      nonce: await nonceOf(withNonces, ours.desk, client),
    }),
    coreTarget(
      'bound to a certificate',
      of({ dpop: false, mtls: { header: 'X-Client-Certificate', format: 'xfcc' } }),
      {
        ...ours,
        cnf: { 'x5t#S256': certificate.toString('base64url') },
        headers: [['X-Client-Certificate', `Hash=${certificate.toString('hex')}`]],
      },
    ),
    coreTarget('two issuers: RFC 9068', several, { ...ours, stranger }),
    coreTarget('two issuers: the older kind', several, { ...older, lax: true, scopeClaim: 'scp' }),
    coreTarget('two issuers: opaque tokens', several, { ...ours, opaque: true }),
  ];
}

type ScopeName = 'read:todos' | 'write:todos';
type Options = ResourceServerOptions<ScopeName>;

const usual = {
  resource,
  realm: 'todos',
  scopes: { 'read:todos': 'See todos', 'write:todos': 'Change todos' },
  now,
} satisfies Partial<Options>;

interface CoreTarget extends Omit<GoodRequest, 'resource' | 'now'>, Partial<Pick<EditContext, 'lax' | 'mode'>> {
  readonly stranger: Signer;
  readonly bearer?: boolean;
}

function coreTarget(name: string, resourceServer: ResourceServer, setup: CoreTarget): Target {
  const { desk, stranger, lax = false, mode = 'required', scopeClaim = 'scope', bearer = true } = setup;
  const needs = requirementOf([{ scopes: ['read:todos'], subject: 'person' }], mode);
  const { url: metadataUrl, document } = resourceServer.metadata;
  const dpopAlgorithms = document.dpop_signing_alg_values_supported && asymmetricAlgorithms;
  const table = tableOf({ realm: 'todos', scope: 'read:todos', metadataUrl, dpopAlgorithms, bearer });

  async function ask(presented: Presented): Promise<Verdict> {
    const decided = await resourceServer.authorize(factsOf(presented), needs);
    if (decided === undefined) return { outcome: 'anonymous', text: '' };
    if (isRefusal(decided)) {
      const text = speltAnswer(resourceServer.answer(decided, needs));
      return { outcome: table.get(text), text };
    }
    const isHer =
      decided.subject === 'alice' && decided.issuer === desk.issuer && decided.scopes.includes('read:todos');
    return { outcome: isHer ? 'accepted' : undefined, text: 'accepted' };
  }

  return {
    name,
    context: { issuer: desk.issuer, resource, lax, scopeClaim, stranger, mode },
    now,
    draft: () => goodDraft({ ...setup, resource, now }),
    opaqueToken: desk.opaqueToken,
    takes: () => true,
    ask,
  };
}

function factsOf({ method, url, headers }: Presented): RequestFacts {
  return { method, url, rawHeaders: headers.flat() };
}

/** As a client gets it: it asks without one, and is given it. */
async function nonceOf(
  resourceServer: ResourceServer,
  desk: CoreTarget['desk'],
  client: Signer,
): Promise<string | undefined> {
  const needs = requirementOf([{}]);
  const facts = factsOf(present(goodDraft({ desk, resource, now, client }), desk.opaqueToken));
  const decided = await resourceServer.authorize(facts, needs);
  return isRefusal(decided) ? resourceServer.answer(decided, needs).headers['DPoP-Nonce'] : undefined;
}
