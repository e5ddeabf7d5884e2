import type { Reference } from '../presented-exchange.ts';

const sites: Readonly<Record<string, string>> = {
  core: 'https://openid.net/specs/openid-connect-core-1_0.html',
  logout: 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html',
  backchannel: 'https://openid.net/specs/openid-connect-backchannel-1_0.html',
  trace: 'https://www.w3.org/TR/trace-context/',
};
const names: Readonly<Record<string, string>> = {
  core: 'OpenID Connect Core 1.0',
  logout: 'OpenID Connect RP-Initiated Logout 1.0',
  backchannel: 'OpenID Connect Back-Channel Logout 1.0',
  trace: 'W3C Trace Context',
};

/** @param source `6749 4.1.1`: an RFC by its number, or a specification by its short name, and a section */
export function referenceTo(source: string): Reference {
  const [document = '', section = ''] = source.split(' ');
  const site = sites[document];
  if (site === undefined)
    return {
      label: `RFC ${document}, section ${section}`,
      href: `https://www.rfc-editor.org/rfc/rfc${document}#section-${section}`,
    };
  return { label: section === '' ? `${names[document]}` : `${names[document]}, section ${section}`, href: site };
}
