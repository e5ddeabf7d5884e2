/**
 * What really passed between the parties, told to whoever draws it: the shape of a message and of a check, how an app notes
 * both, and how it sends them. It decides nothing, and no app depends on its being heard. It is for demonstrations: what it
 * notes holds secrets in full.
 */
export type { Check, CheckName, Exchange, HeaderList, Party, Report, SentAnswer, SentRequest } from './exchange.ts';
export { createFlowReporter, type FlowReporter, type FoundCheck } from './flow-reporter.ts';
export { createReportSender } from './report-sender.ts';
