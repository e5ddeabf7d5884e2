import type { Registration } from './registration-rules.ts';

const lists = ['redirect_uris', 'post_logout_redirect_uris'];
const singles = ['client_uri', 'logo_uri', 'policy_uri', 'tos_uri', 'initiate_login_uri', 'backchannel_logout_uri'];

/**
 * Leaves out stored URIs that no rule would accept today, so that one bad URI costs itself and not the whole client:
 * the engine refuses a client as a whole.
 */
export function withoutBadUris(metadata: Registration, onDropped: (member: string) => void): Registration {
  const kept: Registration = { ...metadata };
  const native = metadata.application_type === 'native';
  for (const member of lists) {
    const uris = kept[member];
    if (!Array.isArray(uris)) continue;
    kept[member] = uris.filter((uri) => {
      const good = isUsable(uri, native);
      if (!good) onDropped(member);
      return good;
    });
  }
  for (const member of singles) {
    if (kept[member] === undefined || isUsable(kept[member], false)) continue;
    onDropped(member);
    delete kept[member];
  }
  return kept;
}

function isUsable(uri: unknown, native: boolean): boolean {
  const url = typeof uri === 'string' ? URL.parse(uri) : null;
  if (!url || (uri as string).includes('#')) return false;
  return native || url.protocol === 'https:' || url.protocol === 'http:';
}
