/** One value of a policy, as the values of a request are compared with it. */
export interface Matcher {
  /** As the policy writes it. */
  text: string;
  /** How it is compared: two of the same kind and text match the same values. */
  kind: 'equal' | 'equal-ignoring-case' | 'like' | 'like-arn' | 'unsure';
  /** It is equal to one value and no other. */
  exact: boolean;
  /** `unsure` where only the request itself would tell. */
  matches(value: string): 'yes' | 'no' | 'unsure';
}

export function equalTo(text: string): Matcher {
  return { text, kind: 'equal', exact: true, matches: (value) => (value === text ? 'yes' : 'no') };
}

/** Without regard to case: several senders may match. */
export function equalIgnoringCase(text: string): Matcher {
  const lower = text.toLowerCase();
  return {
    text,
    kind: 'equal-ignoring-case',
    exact: false,
    matches: (value) => (value.toLowerCase() === lower ? 'yes' : 'no'),
  };
}

/** `*` stands for any text, `?` for any character. */
export function like(text: string): Matcher {
  if (!hasWildcard(text)) return equalTo(text);
  return {
    text,
    kind: 'like',
    exact: false,
    matches: (value) => (matchesWildcard(text, value) ? 'yes' : 'no'),
  };
}

/** As `like`, but each of the six parts of an ARN by itself. */
export function likeArn(text: string): Matcher {
  const pattern = partsOf(text);
  // AWS does not say what a pattern with fewer parts matches.
  if (!pattern) return unsure(text);
  if (!hasWildcard(text)) return equalTo(text);
  return {
    text,
    kind: 'like-arn',
    exact: false,
    matches: (value) => {
      const parts = partsOf(value);
      return parts && pattern.every((part, index) => matchesWildcard(part, parts[index] ?? ''))
        ? 'yes'
        : 'no';
    },
  };
}

export function unsure(text: string): Matcher {
  return { text, kind: 'unsure', exact: false, matches: () => 'unsure' };
}

export function matchesWildcard(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

function hasWildcard(text: string): boolean {
  return /[*?]/.test(text);
}

/** Partition, service and so on; the last holds all that is left. */
function partsOf(arn: string): string[] | undefined {
  const parts = arn.split(':');
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
