import { z } from 'zod';
import { readCursor } from './list-cursor.ts';

const limit = z
  .string('expected one number')
  .regex(/^\d{1,3}$/, 'expected a number from 1 to 200')
  .transform(Number)
  .refine((count) => count >= 1 && count <= 200, 'expected a number from 1 to 200')
  .default(50)
  .meta(documented({ type: 'integer', minimum: 1, maximum: 200, default: 50 }));

const cursor = z
  .string('expected one cursor')
  .transform((text, context) => {
    const position = readCursor(text);
    if (position) return position;
    context.addIssue({ code: 'custom', message: 'expected the cursor of a Link header' });
    return z.NEVER;
  })
  .optional()
  .meta(documented({ type: 'string', description: 'From the `Link` header of the page before' }));

const completed = z
  .enum(['true', 'false'], 'expected true or false, once')
  .transform((word) => word === 'true')
  .optional()
  .meta(documented({ type: 'boolean', description: 'Only those that are completed, or that are not' }));

/** NOTE: a zero is no text to PostgreSQL. */
const textOf = (most: number) =>
  z
    .string('expected one text')
    .refine((text) => text !== '' && [...text].length <= most, `expected 1 to ${most} characters`)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'expected valid Unicode text');

const q = textOf(200)
  .optional()
  .meta(documented({ type: 'string', minLength: 1, maxLength: 200, description: 'Only those with this in the title' }));

const owner = textOf(255)
  .optional()
  .meta(documented({ type: 'string', minLength: 1, maxLength: 255, description: 'Only those of this person' }));

/**
 * NOTE: unknown parameters are refused, as unknown members of a body are. A filter that is misspelt and passed over would
 * answer with todos that nobody asked for, and a program may be about to delete what it finds.
 */
export const listQuery = z.strictObject({ limit, cursor, completed, q });
export const everyonesListQuery = z.strictObject({ limit, cursor, completed, q, owner });

/** In the document this stands in the place of what the text is checked by: a query string has no numbers, a reader has. */
function documented(schema: object) {
  return {
    override({ jsonSchema }: { jsonSchema: object }) {
      for (const member of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, member);
      Object.assign(jsonSchema, schema);
    },
  };
}
