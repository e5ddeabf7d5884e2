import { type OAuthClientProvider, UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';

type Result = Awaited<ReturnType<Client['callTool']>>;

/** A program on somebody's own computer that speaks MCP, built as the official library wants it, and told one URL. */
export interface Assistant {
  /** Connects, and sends the person to the pages when it is told to. */
  connect(ask: Ask): Promise<Client>;
  /** Calls a tool, and sends the person to the pages when the token is not good for it. */
  call(tool: string, input: Record<string, unknown>, ask: Ask): Promise<Result>;
  /** What each consent page asked. */
  readonly asked: string[][];
  /** Every authorization request, as its parameters. */
  readonly requests: Record<string, string>[];
  readonly registered: OAuthClientInformationMixed | undefined;
  tokens: OAuthTokens | undefined;
}

/** Sends a person to an address: what they were asked there, and where they came back to. */
export type Ask = (address: URL) => Promise<{ readonly asked: string[] | undefined; readonly cameBackTo: URL }>;

export interface AssistantOptions {
  readonly grantTypes?: readonly string[];
  readonly redirectUri?: string;
}

export function createAssistant(
  url: string,
  { grantTypes = ['authorization_code'], redirectUri = 'http://127.0.0.1:7777/callback' }: AssistantOptions = {},
): Assistant {
  let sentTo: URL | undefined;
  let verifier = '';
  let state = '';
  let transport: StreamableHTTPClientTransport;
  let client: Client;
  const assistant = {
    asked: [] as string[][],
    requests: [] as Record<string, string>[],
    registered: undefined as OAuthClientInformationMixed | undefined,
    tokens: undefined as OAuthTokens | undefined,

    async connect(ask: Ask) {
      const open = async () => {
        transport = new StreamableHTTPClientTransport(new URL(url), { authProvider: provider });
        client = new Client({ name: 'assistant', version: '1.0.0' });
        await client.connect(transport);
      };
      await authorized(open, ask);
      return client;
    },
    call: (name: string, input: Record<string, unknown>, ask: Ask) =>
      authorized(() => client.callTool({ name, arguments: input }), ask),
  };

  const provider: OAuthClientProvider = {
    redirectUrl: redirectUri,
    clientMetadata: {
      client_name: 'Assistant',
      redirect_uris: [redirectUri],
      grant_types: [...grantTypes],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    state: () => {
      state = crypto.randomUUID();
      return state;
    },
    clientInformation: () => assistant.registered,
    saveClientInformation: (information) => {
      assistant.registered = information;
    },
    tokens: () => assistant.tokens,
    saveTokens: (tokens) => {
      assistant.tokens = tokens;
    },
    redirectToAuthorization: (target) => {
      sentTo = target;
    },
    saveCodeVerifier: (made) => {
      verifier = made;
    },
    codeVerifier: () => verifier,
  };

  /** Does something, and once more if the library says that the person has to be asked first. */
  async function authorized<Done>(act: () => Promise<Done>, ask: Ask): Promise<Done> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof UnauthorizedError) || !sentTo) throw error;
      assistant.requests.push(Object.fromEntries(sentTo.searchParams));
      const { asked, cameBackTo } = await ask(sentTo);
      if (asked) assistant.asked.push(asked);
      const code = cameBackTo.searchParams.get('code');
      if (code === null || cameBackTo.searchParams.get('state') !== state)
        throw new Error(`not an answer: ${cameBackTo}`);
      await transport.finishAuth(code);
      return act();
    }
  }

  return assistant;
}
