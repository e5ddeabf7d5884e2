import { z } from 'zod';
import { readCursor, writeCursor } from '../todos/list-cursor.ts';
import { newTodoSchema, todoSchema } from '../todos/todo-schemas.ts';
import { type ToolFailure, tool } from './tool.ts';

const { title, completed } = newTodoSchema.shape;
const id = z.uuid('expected the id of a todo').describe('From list_todos or add_todo');
/** NOTE: made anew, since a schema with a name becomes a reference, which not every host follows. */
const todo = z.object(todoSchema.shape);
const notThere: ToolFailure = { failure: 'There is no todo with this id. list_todos shows those that there are.' };

/** What MCP clients can do with a person's todos, by the name that they call. */
export const todoTools = {
  list_todos: tool({
    title: 'List todos',
    description:
      'The todos of the person, the newest first. One page; where there is a next_cursor, call again with it for the next.',
    needs: 'read:todos',
    effect: 'reads',
    input: z.strictObject({
      completed: completed.unwrap().optional().describe('Only those that are done, or only those that are not'),
      text: title.optional().describe('Only those with this in the title'),
      limit: z.int().min(1).max(200).default(50).describe('How many at most'),
      cursor: z.string().max(200).optional().describe('The next_cursor of the page before'),
    }),
    output: z.object({ todos: z.array(todo), next_cursor: z.string().optional() }),
    async run(todos, owner, { limit, cursor, ...filter }) {
      const after = cursor === undefined ? undefined : readCursor(cursor);
      if (cursor !== undefined && !after) return { failure: 'The cursor is not a next_cursor of list_todos.' };
      const page = await todos.list(owner, { limit, after, ...filter });
      return { todos: [...page.todos], ...(page.next && { next_cursor: writeCursor(page.next) }) };
    },
  }),

  add_todo: tool({
    title: 'Add a todo',
    description: 'Puts a todo on top of the list of the person. Gives it back with its id.',
    needs: 'write:todos',
    effect: 'adds',
    input: z.strictObject({ title }),
    output: z.object({ todo }),
    run: async (todos, owner, input) => ({ todo: await todos.add(owner, { ...input, completed: false }) }),
  }),

  complete_todo: tool({
    title: 'Complete a todo',
    description: 'Marks a todo as done. It stays on the list. To open it again, use change_todo.',
    needs: 'write:todos',
    effect: 'changes',
    input: z.strictObject({ id }),
    output: z.object({ todo }),
    async run(todos, owner, input) {
      const changed = await todos.change(owner, input.id, { completed: true });
      return changed ? { todo: changed } : notThere;
    },
  }),

  change_todo: tool({
    title: 'Change a todo',
    description:
      'Gives a todo another title, or opens it again with completed: false, or both. What is left out stays.',
    needs: 'write:todos',
    effect: 'changes',
    input: z.strictObject({ id, title: title.optional(), completed: completed.unwrap().optional() }),
    output: z.object({ todo }),
    async run(todos, owner, { id: which, ...change }) {
      if (Object.keys(change).length === 0) return { failure: 'Nothing to change: give a title, completed, or both.' };
      const changed = await todos.change(owner, which, change);
      return changed ? { todo: changed } : notThere;
    },
  }),

  delete_todo: tool({
    title: 'Delete a todo',
    description: 'Takes a todo off the list for good. It cannot be brought back: for what is done, use complete_todo.',
    needs: 'write:todos',
    effect: 'destroys',
    input: z.strictObject({ id }),
    output: z.object({ deleted: z.uuid() }),
    run: async (todos, owner, input) => ((await todos.remove(owner, input.id)) ? { deleted: input.id } : notThere),
  }),
};
