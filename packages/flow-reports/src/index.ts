/**
 * What really passed between the parties, told to whoever draws it: the shape of a message and of a check. It decides
 * nothing, and no app depends on its being heard.
 */
export type {
  Check,
  CheckName,
  Exchange,
  HeaderList,
  Party,
  Report,
  SentAnswer,
  SentRequest,
} from './exchange.ts';
