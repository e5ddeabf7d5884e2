import type { RequestListener } from 'node:http';
import { openDatabase } from '@latchkey/database';
import { createLogger, listen } from '@latchkey/service';
import { resolveFromRoot } from '@latchkey/settings';
import { createTodosApi, type TodosApiTables } from '../../apps/todos-api/src/server.ts';
import { readTodosApiSettings } from '../../apps/todos-api/src/settings.ts';
import { startTown, type Town } from '../authorization-server/town.ts';

export interface McpTown extends AsyncDisposable {
  /** The authorization server. */
  readonly town: Town;
  /** All that an MCP client is told. */
  readonly mcpUrl: string;
  readonly apiUrl: string;
}

/**
 * The authorization server and the todos API as they run in the world: each knows of the other only what it publishes.
 * When it goes, it makes sure that the API has answered nothing with an error of its own.
 */
export async function startMcpTown(): Promise<McpTown> {
  const failures: string[] = [];
  let handler: RequestListener = (_, response) => response.writeHead(503).end();
  const listener = await listen({
    handler(request, response) {
      response.on('finish', () => {
        if (response.statusCode >= 500) failures.push(`${request.method} ${request.url} ${response.statusCode}`);
      });
      handler(request, response);
    },
    host: 'localhost',
    port: 0,
  });
  const url = `http://localhost:${listener.port}`;
  const town = await startTown({ TODOS_API_RESOURCE: `${url}/api` });
  const database = await openDatabase<TodosApiTables>({
    file: ':memory:',
    migrations: resolveFromRoot('db/todos-api'),
  });
  ({ handler } = createTodosApi({
    settings: readTodosApiSettings({ PUBLIC_URL: url, ISSUER: town.issuer }),
    database,
    logger: createLogger('todos-api', 'silent'),
  }));
  return {
    town,
    mcpUrl: `${url}/mcp`,
    apiUrl: `${url}/api`,
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      await database.close();
      await town[Symbol.asyncDispose]();
      if (failures.length > 0) throw new Error(`the API failed:\n${[...new Set(failures)].join('\n')}`);
    },
  };
}
