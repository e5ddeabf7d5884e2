import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { guard } from '@latchkey/resource-server/hono';
import { Hono } from 'hono';
import { type FrameworkApp, note, path } from '../guard-task.ts';
import { kitResourceServer, needs } from '../kit-resource-server.ts';

export const honoApp: FrameworkApp = (task) => {
  const app = new Hono();
  if (task.guard !== 'none') app.use(guard(kitResourceServer(task), needs));
  app.get(path, (c) => c.json(note));
  return serve({ fetch: app.fetch, port: task.port, hostname: '127.0.0.1' }) as Server;
};
