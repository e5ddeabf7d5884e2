import type { RegisteredClient } from '../clients/clients.ts';
import type { Registration } from '../clients/registration-rules.ts';

/** An app as the operator sees it: everything but the secret. */
export function shown({ id, metadata, registeredBy, createdAt }: RegisteredClient): Registration {
  return { ...metadata, client_id: id, registered_by: registeredBy, registered_at: new Date(createdAt).toISOString() };
}

export function lines(registration: Registration): string {
  return Object.entries(registration)
    .map(([member, value]) => `${member}: ${Array.isArray(value) ? value.join(' ') : value}`)
    .join('\n');
}

/** Once the app is there. A secret that came from the operator's own file is not said again. */
export function addedText({ client_name, client_id, client_secret }: Registration): string {
  const secret =
    client_secret === undefined
      ? ''
      : `\nclient_secret  ${client_secret}\n\nKeep the secret now: it is not shown again.`;
  return `Registered ${client_name}.\nclient_id      ${client_id}${secret}`;
}
