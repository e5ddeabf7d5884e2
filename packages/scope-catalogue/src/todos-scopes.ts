import { defineScopes } from './define-scopes.ts';

/** What the todos API guards. */
export const todosScopes = defineScopes({
  'read:todos': {
    description: 'See your todos',
    consequence: 'It can read every todo on your list, also those you add later.',
    grantableBy: 'assigned',
  },
  'write:todos': {
    description: 'Add, change and delete your todos',
    consequence: 'It can change your list without asking you each time.',
    grantableBy: 'assigned',
  },
  admin: {
    description: 'See and delete the todos of everyone',
    consequence: 'It can read and remove what other people wrote. Allow this only to apps that you run yourself.',
    grantableBy: 'assigned',
    privileged: true,
  },
});
