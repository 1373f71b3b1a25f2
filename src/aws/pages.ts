/** More would mean that something is wrong, or that the account is far beyond what a person can look at. */
const MOST_PAGES = 100;

/** Every item of a paginated answer, at most a hundred pages. `read` gets the token of the page, undefined at first. */
export async function allPages<T>(
  read: (token: string | undefined) => Promise<{ items: T[] | undefined; next: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, next } = await read(token);
    all.push(...(items ?? []));
    // Some services give an empty token at the end, some the same again.
    if (!next || next === token) break;
    token = next;
  }
  return all;
}

/** `{ NextToken }` only when there is one: some services refuse it empty. */
export function tokenAs<K extends string>(key: K, token: string | undefined): { [P in K]?: string } {
  return token === undefined ? {} : ({ [key]: token } as { [P in K]: string });
}

/** ISO 8601, or null. */
export function iso(date: Date | undefined): string | null {
  return date === undefined ? null : new Date(date).toISOString();
}
