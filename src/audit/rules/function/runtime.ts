import { stripePath } from '../../model/stripe-path.js';
import type { AuditRule } from '../../rule.js';

/** Runtimes whose functions can no longer be created or updated, or soon cannot; with what stands in for them. */
const RETIRED: readonly [RegExp, string][] = [
  [/^nodejs(\d\.|1\d|20)/, 'nodejs24.x'],
  [/^nodejs$/, 'nodejs24.x'],
  [/^python(2|3\.[0-9]$)/, 'python3.13'],
  [/^dotnet(core|5|6|7)/, 'dotnet8'],
  [/^java8$/, 'java21'],
  [/^ruby(2|3\.[0-2])/, 'ruby3.4'],
  [/^go1/, 'provided.al2023'],
  [/^provided(\.al2)?$/, 'provided.al2023'],
];

export const runtime: AuditRule = {
  id: 'function.runtime',
  title: 'The runtime still receives updates',
  area: 'function',
  severity: 'fail',
  why: 'A function on a retired runtime can be neither created nor updated: the mend for a lost payment cannot be deployed.',
  *judge(template) {
    for (const one of stripePath(template).functions)
      for (const { node } of one.at('Runtime')) {
        const name = template.plainText(node);
        const found = name === undefined ? undefined : RETIRED.find(([pattern]) => pattern.test(name));
        if (!node || !found) continue;
        yield {
          at: node,
          summary: `${one.id} runs on ${name}, which AWS has retired.`,
          expected: found[1],
          actual: name ?? '',
          advice: `Move to ${found[1]}, and test: a newer runtime can behave differently.`,
        };
      }
  },
};
