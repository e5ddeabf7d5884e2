import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { splitScope } from '../clients/client-scopes.ts';
import { isSilentlyNative } from '../clients/native-apps.ts';
import { type Registration, registrationProblems } from '../clients/registration-rules.ts';
import { clientMembers } from './client-settings.ts';

/** What only an operator may set: ignored when a stranger sends it (RFC 7591, section 2). */
const operatorMembers = ['allowed_scopes', 'required_scopes', 'pkce', 'access_token_ttl'];

/**
 * Our rules in front of the engine's own, for dynamic registration. The engine calls this once for each member, before
 * it looks at any of them, and lets it change them; we look at all of them at the first call.
 */
export const extraClientMetadata: Configuration['extraClientMetadata'] = {
  properties: ['redirect_uris', 'scope', ...clientMembers],
  validator(ctx, member, _value, metadata) {
    // NOTE: without a request the client comes from the database, where the rules were applied when it was stored.
    if (member !== 'redirect_uris' || !isRegistration(ctx)) return;
    const registration = metadata as Registration;
    for (const operatorMember of operatorMembers) delete registration[operatorMember];
    const problems = registrationProblems(registration, 'anonymous');
    if (problems.length > 0) throw new errors.InvalidClientMetadata(problems.join('; '));
    Object.assign(registration, splitScope(registration));
    // NOTE: here the engine has put its default already where the app has said nothing.
    if (isSilentlyNative(ctx?.oidc.body ?? {})) registration.application_type = 'native';
  },
};

function isRegistration(ctx: KoaContextWithOIDC | undefined): boolean {
  return ctx?.oidc?.route === 'registration' || ctx?.oidc?.route === 'client_update';
}
