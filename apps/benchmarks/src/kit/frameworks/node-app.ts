import { createServer, type RequestListener } from 'node:http';
import { guarded } from '@latchkey/resource-server/node';
import { type FrameworkApp, note } from '../guard-task.ts';
import { kitResourceServer, needs } from '../kit-resource-server.ts';

export const nodeApp: FrameworkApp = (task) => {
  const listener = task.guard === 'none' ? answer : guarded(kitResourceServer(task), needs, answer);
  return createServer(listener).listen(task.port, '127.0.0.1');
};

const answer: RequestListener = (_, response) => {
  const body = JSON.stringify(note);
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
};
