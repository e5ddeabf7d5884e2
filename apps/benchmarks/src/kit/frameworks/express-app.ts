import { guard } from '@latchkey/resource-server/express';
import express, { type RequestHandler } from 'express';
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer';
import { type FrameworkApp, type GuardTask, note, path, resource, scope } from '../guard-task.ts';
import { kitResourceServer, needs } from '../kit-resource-server.ts';

export const expressApp: FrameworkApp = (task) => {
  const app = express();
  app.get(path, ...guardsOf(task), (_, response) => {
    response.json(note);
  });
  return app.listen(task.port, '127.0.0.1');
};

function guardsOf(task: GuardTask): RequestHandler[] {
  if (task.guard === 'none') return [];
  if (task.guard !== 'peer') return [guard(kitResourceServer(task), needs)];
  return [auth({ issuerBaseURL: task.issuer, audience: resource }), requiredScopes(scope)];
}
