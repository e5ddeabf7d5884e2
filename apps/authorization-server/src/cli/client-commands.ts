import { Command } from 'commander';
import type { Registration } from '../clients/registration-rules.ts';
import { type AddingOptions, addClient } from './client-adding.ts';
import { lines, shown } from './client-text.ts';
import { CommandFailure, collect, print, type Subjects, withSubjects } from './command.ts';

interface AddOptions extends AddingOptions {
  readonly name: string;
  readonly redirectUri?: string[];
  readonly postLogoutRedirectUri?: string[];
  readonly scope?: string;
  readonly requiredScope?: string;
  readonly grantType?: string[];
  readonly tokenEndpointAuthMethod?: string;
  readonly public?: boolean;
  readonly pkce?: string;
  readonly accessTokenTtl?: string;
  readonly applicationType?: string;
  readonly clientUri?: string;
  readonly jwksUri?: string;
  readonly backchannelLogoutUri?: string;
  readonly backchannelLogoutSessionRequired?: boolean;
  readonly idTokenSignedResponseAlg?: string;
}

export function clientCommands(open: () => Promise<Subjects>): Command {
  const client = new Command('client').description('apps that may ask people for access');

  client
    .command('add')
    .description('register an app; the secret is shown this once')
    .requiredOption('--name <name>', 'what people see')
    .option('--redirect-uri <uri>', 'where answers may go, in full; may be given several times', collect)
    .option('--post-logout-redirect-uri <uri>', 'where people may go after signing out; several times', collect)
    .option('--scope <scopes>', 'what it may ask for, OpenID and API scopes separated by spaces')
    .option('--required-scope <scopes>', 'scopes that people cannot leave out')
    .option('--grant-type <type>', 'several times; authorization_code and refresh_token by default', collect)
    .option('--token-endpoint-auth-method <method>', 'how it proves who it is; client_secret_basic by default')
    .option('--public', 'an app that cannot keep a secret (the same as the method none)')
    .option('--pkce <rule>', 'required (default), or optional for an app with a secret')
    .option('--access-token-ttl <seconds>', 'life of its access tokens, 300 by default')
    .option('--application-type <type>', 'web (default), or native')
    .option('--client-uri <uri>', 'its home page')
    .option('--jwks-uri <uri>', 'its public keys, for private_key_jwt')
    .option('--backchannel-logout-uri <uri>', 'told when a person signs out')
    .option('--backchannel-logout-session-required', 'told which session ended, not only whose')
    .option('--id-token-signed-response-alg <alg>', 'ES256 (default) or RS256')
    .option('--client-id <id>', 'an id of your choice; a random one by default')
    .option('--client-secret-file <file>', 'holds a secret of your making, at least 32 random characters')
    .option('--if-missing', 'leave an app that has the --client-id already as it is, and print it')
    .option('--json', 'print the registration as JSON, in RFC 7591 member names')
    .action((options: AddOptions) =>
      withSubjects(open, ({ clients }) => addClient(clients, registrationOf(options), options)),
    );

  client
    .command('list')
    .description('all registered apps')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: boolean }) =>
      withSubjects(open, async ({ clients }) => {
        const list = await clients.list();
        const lines = list.map(({ id, metadata, registeredBy }) => `${id}  ${metadata.client_name} (${registeredBy})`);
        print(json, list.map(shown), lines.join('\n') || 'No app is registered.');
      }),
    );

  client
    .command('show <client_id>')
    .description('one app as it is registered')
    .option('--json', 'print JSON')
    .action((id: string, { json }: { json?: boolean }) =>
      withSubjects(open, async ({ clients }) => {
        const found = await clients.find(id);
        if (!found) throw unknownClient(id);
        print(json, shown(found), lines(shown(found)));
      }),
    );

  client
    .command('remove <client_id>')
    .description('remove an app; its tokens, and what people allowed it, end at once')
    .option('--json', 'print JSON')
    .action((id: string, { json }: { json?: boolean }) =>
      withSubjects(open, async ({ clients }) => {
        if (!(await clients.remove(id))) throw unknownClient(id);
        print(json, { client_id: id, removed: true }, `Removed ${id}.`);
      }),
    );

  return client;
}

function registrationOf(options: AddOptions): Registration {
  const ttl = options.accessTokenTtl;
  const members: Registration = {
    client_name: options.name,
    redirect_uris: options.redirectUri,
    post_logout_redirect_uris: options.postLogoutRedirectUri,
    scope: options.scope,
    required_scopes: options.requiredScope,
    grant_types: options.grantType,
    token_endpoint_auth_method: options.public ? 'none' : options.tokenEndpointAuthMethod,
    pkce: options.pkce,
    access_token_ttl: ttl === undefined ? undefined : Number(ttl),
    application_type: options.applicationType,
    client_uri: options.clientUri,
    jwks_uri: options.jwksUri,
    backchannel_logout_uri: options.backchannelLogoutUri,
    backchannel_logout_session_required: options.backchannelLogoutSessionRequired,
    id_token_signed_response_alg: options.idTokenSignedResponseAlg,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function unknownClient(id: string): CommandFailure {
  return new CommandFailure(`No app has the client_id ${id} (latchkey client list shows all).`);
}
