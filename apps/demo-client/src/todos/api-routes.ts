interface ApiRoute {
  readonly path: RegExp;
  readonly methods: readonly string[];
}

const one = '[\\w-]{1,64}';

/** All that this app does at the API. What is not here is not passed on, whatever the API may learn to do. */
const routes: readonly ApiRoute[] = [
  { path: /^\/api\/status$/, methods: ['GET', 'HEAD'] },
  { path: /^\/api\/me$/, methods: ['GET', 'HEAD'] },
  { path: /^\/api\/todos$/, methods: ['GET', 'HEAD', 'POST'] },
  { path: new RegExp(`^/api/todos/${one}$`), methods: ['GET', 'HEAD', 'PATCH', 'DELETE'] },
  { path: /^\/api\/admin\/todos$/, methods: ['GET', 'HEAD'] },
  { path: new RegExp(`^/api/admin/todos/${one}$`), methods: ['DELETE'] },
];

/** The methods that this app uses at a path of the API; none where it does not go. */
export function apiMethods(path: string): readonly string[] {
  return routes.find((route) => route.path.test(path))?.methods ?? [];
}
