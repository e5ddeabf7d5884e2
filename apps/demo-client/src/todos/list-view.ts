/** Which of the todos are shown. */
export type Show = 'all' | 'open' | 'done';

/** What of the list is seen, as its address says: `?show=open&more=…&edit=…`. */
export interface ListView {
  readonly show: Show;
  /** The query of a later page, as the API has named it. */
  readonly more: string;
  /** Id of the todo that is being changed. */
  readonly edit: string;
}

export const shows: readonly Show[] = ['all', 'open', 'done'];

/** @param field reads a parameter, empty where it is not given */
export function listViewIn(field: (name: string) => string): ListView {
  const show = shows.find((each) => each === field('show')) ?? 'all';
  return { show, more: field('more'), edit: field('edit') };
}

/** The address of the list, at its first page. */
export function listAddress(show: Show, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({ ...(show === 'all' ? {} : { show }), ...more }).toString();
  return query === '' ? '/' : `/?${query}`;
}

/** In the API's words: its query of a first page. */
export function apiQuery({ show, more }: ListView): string {
  if (more !== '') return more;
  return show === 'all' ? '' : `?completed=${show === 'done'}`;
}
