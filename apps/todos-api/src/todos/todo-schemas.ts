import { z } from 'zod';

const titleLimit = 200;

/** NOTE: counted in code points, as JSON Schema does; `length` would count an emoji as two. */
const title = z
  .string('expected a string')
  .trim()
  .refine((text) => text !== '' && [...text].length <= titleLimit, `expected 1 to ${titleLimit} characters`)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'expected valid Unicode text')
  .meta({ description: 'What there is to do', minLength: 1, maxLength: titleLimit, example: 'Water the plants' });

const completed = z.boolean('expected true or false');

export const todoSchema = z
  .object({
    id: z.uuid().meta({ example: '0b6f1c9e-5d3a-4f27-9a51-7c2e8d4b6a10' }),
    title: z.string().meta({ example: 'Water the plants' }),
    completed: z.boolean().meta({ example: false }),
    created_at: z.iso.datetime().meta({ example: '2026-03-02T08:30:00.000Z' }),
    updated_at: z.iso.datetime().meta({ example: '2026-03-02T09:15:00.000Z' }),
  })
  .meta({ id: 'Todo' });

/** What an administrator sees: whose it is, too. */
export const ownedTodoSchema = todoSchema
  .extend({ owner: z.string().meta({ example: 'alice' }) })
  .meta({ id: 'OwnedTodo' });

export const newTodoSchema = z
  .strictObject({ title, completed: completed.default(false) }, { error: objectExpected })
  .meta({ id: 'NewTodo' });

export const todoChangeSchema = z
  .strictObject({ title: title.optional(), completed: completed.optional() }, { error: objectExpected })
  .refine((change) => Object.keys(change).length > 0, 'expected title, completed, or both')
  .meta({ id: 'TodoChange', minProperties: 1 });

export const todoParams = z.object({ id: z.uuid() });

function objectExpected({ code }: { readonly code: string }): string | undefined {
  return code === 'invalid_type' ? 'expected an object' : undefined;
}
