import { redirectUri } from '../contenders/running-server.ts';
import type { HttpAnswer } from '../load/response-parser.ts';

/** @throws {Error} with the answer's beginning, when it is not JSON with this status and these members */
export function expectJson(answer: HttpAnswer, ...members: readonly string[]): Readonly<Record<string, unknown>> {
  if (answer.status !== 200) throw unexpected(answer);
  const content = JSON.parse(answer.body.toString()) as Readonly<Record<string, unknown>>;
  for (const member of members) if (!content[member]) throw unexpected(answer);
  return content;
}

const codeStart = `${redirectUri}?code=`;

/** The code of a redirect to the app. */
export function expectCode(answer: HttpAnswer): string {
  const location = answer.header('location');
  if ((answer.status !== 303 && answer.status !== 302) || !location?.startsWith(codeStart)) throw unexpected(answer);
  return location.slice(codeStart.length, location.indexOf('&'));
}

/** The same bytes as before: checked whole the first time, and compared afterwards. */
export function expectDocument(member: string): (answer: HttpAnswer) => void {
  let known: Buffer | undefined;
  return (answer) => {
    if (known && answer.status === 200 && known.equals(answer.body)) return;
    if (known) throw unexpected(answer);
    expectJson(answer, member);
    known = Buffer.from(answer.body);
  };
}

function unexpected({ status, header, body }: HttpAnswer): Error {
  return new Error(`${status} ${header('location') ?? ''} ${body.toString().slice(0, 300)}`);
}
