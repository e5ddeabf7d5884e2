import { problem } from '@latchkey/resource-server/koa';

/** One answer for what is not there and for what is somebody else's. */
export const notThere = problem(404, 'There is no such todo');

export const preconditionFailed = problem(
  412,
  'It has changed meanwhile, or the entity tags are not written as in ETag',
);
