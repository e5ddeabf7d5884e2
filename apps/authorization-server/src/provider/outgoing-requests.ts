/**
 * Requests that the engine makes on a client's word: its keys, its logout endpoint. The engine's own transport refuses
 * loopback and private addresses, whatever a name resolves to. Only origins that the operator names may be there.
 */
export function createOutgoingFetch(trustedOrigins: readonly string[]): typeof fetch {
  const trusted = new Set(trustedOrigins);
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!trusted.has(url.origin)) return fetch(input, init);
    const { dispatcher: _, ...direct } = (init ?? {}) as RequestInit & { dispatcher?: unknown };
    return fetch(input, { ...direct, redirect: 'manual' });
  };
}
