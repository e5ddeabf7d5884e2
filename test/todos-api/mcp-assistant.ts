import { type OAuthClientProvider, UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { answerOf, isConsent, isSignIn, namesOn, type Person } from '../authorization-server/person.ts';

type Result = Awaited<ReturnType<Client['callTool']>>;

/** A program on somebody's own computer that speaks MCP, built as the official library wants it, and told one URL. */
export interface Assistant {
  /** Connects, and sends the person to the pages when it is told to. */
  connect(person: Person, choices?: Choices): Promise<Client>;
  /** Calls a tool, and sends the person to the pages when the token is not good for it. */
  call(tool: string, input: Record<string, unknown>, person: Person, choices?: Choices): Promise<Result>;
  /** What each consent page asked. */
  readonly asked: string[][];
  /** Every authorization request, as its parameters. */
  readonly requests: Record<string, string>[];
  readonly registered: OAuthClientInformationMixed | undefined;
  tokens: OAuthTokens | undefined;
}

interface Choices {
  readonly without?: readonly string[];
}

export interface AssistantOptions {
  readonly grantTypes?: readonly string[];
}

export function createAssistant(
  url: string,
  { grantTypes = ['authorization_code'] }: AssistantOptions = {},
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

    async connect(person: Person, choices?: Choices) {
      const open = async () => {
        transport = new StreamableHTTPClientTransport(new URL(url), { authProvider: provider });
        client = new Client({ name: 'assistant', version: '1.0.0' });
        await client.connect(transport);
      };
      await authorized(open, person, choices);
      return client;
    },
    call: (name: string, input: Record<string, unknown>, person: Person, choices?: Choices) =>
      authorized(() => client.callTool({ name, arguments: input }), person, choices),
  };

  const provider: OAuthClientProvider = {
    redirectUrl: 'http://127.0.0.1:7777/callback',
    clientMetadata: {
      client_name: 'Assistant',
      redirect_uris: ['http://127.0.0.1:7777/callback'],
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
  async function authorized<Done>(act: () => Promise<Done>, person: Person, choices?: Choices): Promise<Done> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof UnauthorizedError) || !sentTo) throw error;
      assistant.requests.push(Object.fromEntries(sentTo.searchParams));
      let page = await person.open(sentTo);
      if (isSignIn(page)) page = await person.signIn(page);
      if (isConsent(page)) {
        assistant.asked.push(namesOn(page));
        page = await person.allow(page, choices);
      }
      const answer = answerOf(page);
      if (answer.state !== state || answer.code === undefined) throw new Error(`a wrong answer: ${answer.url}`);
      await transport.finishAuth(answer.code);
      return act();
    }
  }

  return assistant;
}
