import type { AuthorizationWishes } from './authorization.ts';

/** RFC 9470, section 4: what a challenge has asked of the sign-in. What makes no sense is left out. */
export function stepUpIn(form: unknown): Pick<AuthorizationWishes, 'maxAge' | 'acrValues'> {
  const value = (name: string): unknown =>
    typeof form === 'object' && form !== null ? Reflect.get(form, name) : undefined;
  const maxAge = value('max_age');
  const acrValues = value('acr_values');
  return {
    ...(typeof maxAge === 'string' && /^\d{1,8}$/.test(maxAge) && { maxAge: Number(maxAge) }),
    ...(typeof acrValues === 'string' && /^[\w:./ -]{1,200}$/.test(acrValues) && { acrValues }),
  };
}
