import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colours a text, or leaves it as it is where colours are not wanted. */
export type Paint = (format: Format, text: string) => string;

export const plain: Paint = (_format, text) => text;

export const coloured: Paint = (format, text) => styleText(format, text, { validateStream: false });

/** Colours on a terminal that has them, unless `NO_COLOR` is set; nothing for files and pipes. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return stream.isTTY && stream.hasColors() ? coloured : plain;
}
