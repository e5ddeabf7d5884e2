import { isOnLoopback } from './redirect-uris.ts';
import type { Registration } from './registration-rules.ts';

/**
 * An app without a secret that is called back on loopback alone runs on somebody's own computer, whether it says so or
 * not; many leave the type out. As a native app it is answered at any port (RFC 8252, section 7.3), which it cannot know
 * when it registers.
 */
export function isSilentlyNative(registration: Registration): boolean {
  const { application_type: type, token_endpoint_auth_method: method, redirect_uris: uris } = registration;
  const isOpen = (type === undefined || type === null) && method === 'none';
  const onLoopback = Array.isArray(uris) && uris.length > 0 && uris.every(isOnLoopback);
  return isOpen && onLoopback;
}
