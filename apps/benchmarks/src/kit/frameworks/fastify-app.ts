import fastifyJwt from '@fastify/jwt';
import { guard } from '@latchkey/resource-server/fastify';
import fastify, { type FastifyInstance, type FastifyRequest, type onRequestHookHandler } from 'fastify';
import jwksRsa from 'jwks-rsa';
import { type FrameworkApp, type GuardTask, note, path, resource, scope } from '../guard-task.ts';
import { kitResourceServer, needs } from '../kit-resource-server.ts';

export const fastifyApp: FrameworkApp = async (task) => {
  const app = fastify();
  const onRequest = guardsOf(task, app);
  app.get(path, { onRequest }, async () => note);
  await app.listen({ port: task.port, host: '127.0.0.1' });
  return app.server;
};

function guardsOf(task: GuardTask, app: FastifyInstance): onRequestHookHandler[] {
  if (task.guard === 'none') return [];
  if (task.guard !== 'peer' && task.guard !== 'peer with cache') return [guard(kitResourceServer(task), needs)];
  app.register(fastifyJwt, jwtOptions(task));
  return [
    // NOTE: it knows no scopes, so its users check them by a hook of their own.
    async (request, reply) => {
      await request.jwtVerify();
      const { scope: held = '' } = request.user as { readonly scope?: string };
      if (!held.split(' ').includes(scope)) return reply.code(403).send({ error: 'insufficient_scope' });
      return undefined;
    },
  ];
}

/**
 * NOTE: keys by jwks-rsa, which keeps them as text. get-jwks, which is often shown with this plugin, writes the text anew in
 * each request; for ES256 that takes twenty times as long as everything else.
 */
function jwtOptions({ issuer, jwksUri, guard: kind }: GuardTask): fastifyJwt.FastifyJWTOptions {
  const keys = jwksRsa({ jwksUri, cache: true });
  return {
    decode: { complete: true },
    secret: async (_: FastifyRequest, { header }: fastifyJwt.TokenOrHeader) =>
      (await keys.getSigningKey(header.kid)).getPublicKey(),
    verify: { allowedIss: issuer, allowedAud: resource, ...(kind === 'peer with cache' && { cache: true }) },
  };
}
