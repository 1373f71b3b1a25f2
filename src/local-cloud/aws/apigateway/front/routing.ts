import type { DeploymentRecord, MethodRecord } from '../records.js';

export interface RouteMatch {
  resourceId: string;
  resourcePath: string;
  method: MethodRecord;
  pathParameters: Record<string, string> | null;
}

/** The deployed method that serves a path (without the stage). A literal part wins over a variable, that over a greedy one. */
export function findRoute(
  deployment: DeploymentRecord,
  httpMethod: string,
  path: string,
): RouteMatch | undefined {
  const given = path.split('/').filter(Boolean);
  const candidates = deployment.resources
    .map((resource) => ({ resource, match: matchPath(resource.path, given) }))
    .filter(({ match }) => match !== undefined)
    .sort((a, b) => ((a.match as Match).rank < (b.match as Match).rank ? -1 : 1));
  for (const { resource, match } of candidates) {
    const method = resource.methods[httpMethod] ?? resource.methods.ANY;
    if (!method) continue;
    const { names } = match as Match;
    return {
      resourceId: resource.id,
      resourcePath: resource.path,
      method,
      pathParameters: Object.keys(names).length > 0 ? names : null,
    };
  }
  return undefined;
}

interface Match {
  names: Record<string, string>;
  /** Sorts the most exact first: a digit per part. */
  rank: string;
}

function matchPath(template: string, given: string[]): Match | undefined {
  const names: Record<string, string> = {};
  let rank = '';
  const wanted = template.split('/').filter(Boolean);
  for (const [index, part] of wanted.entries()) {
    const actual = given[index];
    if (actual === undefined) return undefined;
    const variable = /^\{(.+?)(\+?)\}$/.exec(part);
    if (variable?.[2] === '+') {
      names[variable[1] as string] = given.slice(index).map(decode).join('/');
      return { names, rank: `${rank}2` };
    }
    if (variable) names[variable[1] as string] = decode(actual);
    else if (part !== decode(actual)) return undefined;
    rank += variable ? '1' : '0';
  }
  return given.length === wanted.length ? { names, rank } : undefined;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
