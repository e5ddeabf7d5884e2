export interface ScopeDeclaration {
  /** What it allows, completing "The app wants to …"; shown word for word to people. */
  readonly description: string;
  /** One line on what follows from allowing it. */
  readonly consequence: string;
  /** `anyone`: every person may grant it. `assigned`: only people to whom an operator gave it. */
  readonly grantableBy: 'anyone' | 'assigned';
  /** A client gets it only when its registration names it, never by default. */
  readonly privileged?: boolean;
}

export interface Scope<Name extends string = string> extends ScopeDeclaration {
  readonly name: Name;
}

/** RFC 6749, section 3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ), so no space, no `"` and no `\`. */
const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

export type ScopeName<Catalogue extends ReadonlyMap<string, Scope>> =
  Catalogue extends ReadonlyMap<infer Name, Scope> ? Name : never;

/**
 * Declares scopes, in the order in which they are shown.
 *
 * @throws {TypeError} naming every scope whose name RFC 6749 does not allow
 */
export function defineScopes<Name extends string>(
  declarations: Readonly<Record<Name, ScopeDeclaration>>,
): ReadonlyMap<Name, Scope<Name>> {
  const names = Object.keys(declarations) as Name[];
  const invalid = names.filter((name) => !scopeToken.test(name));
  if (invalid.length > 0) {
    const list = invalid.map((name) => JSON.stringify(name)).join(', ');
    throw new TypeError(`scope names must be visible ASCII without space, double quote or backslash: ${list}`);
  }
  return new Map(names.map((name) => [name, { name, ...declarations[name] }]));
}
