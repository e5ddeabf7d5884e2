import type { Check, Exchange, Report } from '@latchkey/flow-reports';

/** Who tells of it, and whatever a report may hold beside the exchange, stays behind. */
export function exchangeIn({ reporter: _, ...exchange }: Report): Exchange {
  return { ...exchange, checks: addedUp([], exchange.checks) };
}

/** Who sends knows both ends and the time it took; who receives knows what it has checked. Checks add up. */
export function mergeReport(before: Exchange, report: Report): Exchange {
  const { reporter, checks, ...told } = report;
  const isSender = reporter === told.from;
  const facts = isSender ? { ...before, ...told } : { ...told, ...before };
  const answer = isSender ? (told.answer ?? before.answer) : (before.answer ?? told.answer);
  return {
    ...facts,
    ...(answer && { answer }),
    ...(facts.tookMs === undefined && told.tookMs !== undefined && { tookMs: told.tookMs }),
    request: { ...told.request, ...before.request, body: before.request.body ?? told.request.body },
    checks: addedUp(before.checks, checks),
  };
}

function addedUp(before: readonly Check[], more: readonly Check[]): readonly Check[] {
  const all = new Map<string, Check>();
  for (const check of [...before, ...more]) {
    const name = `${check.by} ${check.name}`;
    if (!all.has(name)) all.set(name, check);
  }
  return [...all.values()];
}

/** Characters that keeping it costs, all but the small ones. */
export function sizeOf({ request, answer }: Exchange): number {
  const headers = [...request.headers, ...(answer?.headers ?? [])];
  const bodies = (request.body?.length ?? 0) + (answer?.body?.length ?? 0);
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length, request.url.length + bodies);
}
