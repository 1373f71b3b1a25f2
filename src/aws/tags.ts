/** Tags by key. */
export type Tags = Record<string, string>;

interface Listed {
  Key?: string | undefined;
  Value?: string | undefined;
}

/** AWS's list of pairs, as most services have it. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function tagsOf(list: readonly Listed[] | undefined): Tags {
  return Object.fromEntries((list ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}
