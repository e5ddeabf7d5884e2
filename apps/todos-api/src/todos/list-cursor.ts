/** A place in a list: the value that the list is ordered by, and the id that decides where it is equal. */
export interface ListPosition {
  readonly value: number;
  readonly id: string;
}

const cursorForm = /^(\d{1,15})\.([0-9a-f-]{36})$/;

/** Opaque to clients, so that the order may change without breaking them. */
export function writeCursor({ value, id }: ListPosition): string {
  return Buffer.from(`${value}.${id}`).toString('base64url');
}

export function readCursor(cursor: string): ListPosition | undefined {
  const [, value, id] = cursorForm.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  return value !== undefined && id !== undefined ? { value: Number(value), id } : undefined;
}
