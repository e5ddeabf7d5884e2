import { readFileSync } from 'node:fs';
import { resolveFromRoot } from '@latchkey/settings';
import { parse } from 'yaml';

/** As far as this project's file goes. */
export interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly extra_hosts?: readonly string[];
  readonly networks: readonly string[] | Readonly<Record<string, { readonly ipv4_address: string }>>;
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly restart: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly volumes?: readonly string[];
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | undefined>>;
}

type Variables = Readonly<Record<string, string>>;

/** `docker-compose.yml` as the engine would read it, with these variables in `.env`. */
export function readComposeFile(variables: Variables = {}): ComposeFile {
  const file: unknown = parse(readFileSync(resolveFromRoot('docker-compose.yml'), 'utf8'), { merge: true });
  return interpolated(file, variables) as ComposeFile;
}

function interpolated(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return interpolate(value, variables);
  if (Array.isArray(value)) return value.map((each) => interpolated(each, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, interpolated(each, variables)]));
}

/** `${NAME-value}` when it is not set, `${NAME:-value}` also when it is empty. */
function interpolate(text: string, variables: Variables): string {
  return text.replaceAll(/\$\{(\w+)(:?)-([^}]*)\}/g, (_, name: string, colon: string, otherwise: string) => {
    const value = variables[name];
    return value === undefined || (colon === ':' && value === '') ? otherwise : value;
  });
}
