const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Where the person will be sent back to, in words they know: a host, or an app on their own machine. */
export function redirectHost(redirectUri: string | undefined): string {
  const url = redirectUri === undefined ? null : URL.parse(redirectUri);
  if (!url) return 'your device';
  if (loopback.has(url.hostname)) return `an app on this computer (${url.host})`;
  return url.host === '' ? 'an app on this device' : url.host;
}
