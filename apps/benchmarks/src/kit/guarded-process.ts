/** A guarded server as a program: one framework, one guard. */
import { expressApp } from './frameworks/express-app.ts';
import { fastifyApp } from './frameworks/fastify-app.ts';
import { honoApp } from './frameworks/hono-app.ts';
import { koaApp } from './frameworks/koa-app.ts';
import { nodeApp } from './frameworks/node-app.ts';
import type { Framework, FrameworkApp, GuardTask } from './guard-task.ts';

const apps: Readonly<Record<Framework, FrameworkApp>> = {
  koa: koaApp,
  express: expressApp,
  fastify: fastifyApp,
  hono: honoApp,
  node: nodeApp,
};

const task = JSON.parse(process.argv[2] ?? '') as GuardTask;
await apps[task.framework](task);
// NOTE: an orderly end, since a profiler writes what it has seen at the end.
process.once('SIGTERM', () => process.exit(0));
