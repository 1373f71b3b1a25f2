import { AwsError, type Route } from '../service.js';

/** Finds the operation of a REST request and gathers its input from path, query and body. */
export function matchRoute(
  routes: Route[],
  method: string,
  path: string,
  query: URLSearchParams,
): { route: Route; input: Record<string, unknown> } | undefined {
  // A route that asks for query parameters is more specific than one on the same path that does not.
  const ordered = [...routes].sort(
    (a, b) => Object.keys(b.query ?? {}).length - Object.keys(a.query ?? {}).length,
  );
  for (const route of ordered) {
    if (route.method !== method) continue;
    const names = matchPath(route.path, path);
    if (!names || !matchesQuery(route, query)) continue;
    return { route, input: { ...queryInput(query), ...names } };
  }
  return undefined;
}

function matchesQuery(route: Route, query: URLSearchParams): boolean {
  return Object.entries(route.query ?? {}).every(([name, wanted]) =>
    wanted === true ? query.has(name) : query.get(name) === wanted,
  );
}

function queryInput(query: URLSearchParams): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    input[name] = values.length > 1 ? values : values[0];
  }
  return input;
}

function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/').filter(Boolean);
  const given = path
    .split('/')
    .filter((part, index, all) => part !== '' || (index > 0 && index < all.length - 1));
  const names: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const greedy = /^\{(\w+)\+\}$/.exec(part);
    if (greedy) {
      // An object's key may end in a slash, which is part of it.
      const rest =
        path.endsWith('/') && given.length > index ? [...given.slice(index), ''] : given.slice(index);
      if (rest.length === 0) return undefined;
      names[greedy[1] as string] = decodePath(rest.join('/'));
      return names;
    }
    const actual = given[index];
    if (actual === undefined) return undefined;
    const named = /^\{(\w+)\}$/.exec(part);
    if (named) names[named[1] as string] = decodePath(actual);
    else if (part !== actual) return undefined;
  }
  return given.length === wanted.length ? names : undefined;
}

function decodePath(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}
