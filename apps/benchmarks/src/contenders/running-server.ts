/** Where a server is and who may ask it: the same for bare oidc-provider and for ours. */
export interface RunningServer extends AsyncDisposable {
  readonly origin: string;
  readonly port: number;
  readonly host: string;
  readonly client: RegisteredClient;
  /** Who signs in where there are forms to fill in. */
  readonly person: Person;
  readonly paths: Paths;
  cpuSeconds(): number | undefined;
}

export interface RegisteredClient {
  readonly id: string;
  readonly secret: string;
}

export interface Person {
  readonly username: string;
  readonly password: string;
}

/** From discovery. */
export interface Paths {
  readonly discovery: string;
  readonly authorization: string;
  readonly token: string;
  readonly introspection: string;
  readonly jwks: string;
}

export const redirectUri = 'https://planner.example/callback';
export const resource = 'http://localhost:3001/api';
export const apiScope = 'read:todos';
export const authorizationScope = `openid ${apiScope}`;

/** RFC 6749, section 2.3.1. */
export function basicCredentials({ id, secret }: RegisteredClient): string {
  const pair = [id, secret].map((part) => encodeURIComponent(part)).join(':');
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

const discovery = '/.well-known/openid-configuration';

/** Waits until the server answers, and learns where its endpoints are. */
export async function discover(origin: string, stillRuns: () => void): Promise<Paths> {
  const metadata = await waitFor(`${origin}${discovery}`, stillRuns);
  const path = (member: string) => new URL(String(metadata[member])).pathname;
  return {
    discovery,
    authorization: path('authorization_endpoint'),
    token: path('token_endpoint'),
    introspection: path('introspection_endpoint'),
    jwks: path('jwks_uri'),
  };
}

async function waitFor(url: string, stillRuns: () => void): Promise<Record<string, unknown>> {
  for (;;) {
    stillRuns();
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return (await response.json()) as Record<string, unknown>;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
