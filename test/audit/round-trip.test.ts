import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../src/audit/document/parse.js';
import { applySplices } from '../../src/audit/patch/splice.js';
import { Call, copied, type Value } from '../../src/audit/patch/value.js';
import { fc, inputs } from '../support/property-tests.js';
import { hand, template, written } from './random-template.js';
import { mend } from './support.js';

const nameOf = (form: string): string => (form === 'yaml' ? 'template.yaml' : 'template.json');
const valueIn = (name: string, text: string): unknown => plain(copied(parseTemplate(name, text).root));
const plain = (value: Value): unknown => {
  if (value instanceof Call) return { [value.name]: plain(value.argument) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item as Value)]));
};

/** What is allowed to change: the mistakes that the generator makes. */
const CORRECTED = new Set(['default', 'stripe.com', JSON.stringify({ 'Fn::GetAtt': ['Handler', 'Arn'] })]);
const GONE = new Set(['Throttle']);

/** The places where the second value lacks something of the first. */
function lost(before: unknown, after: unknown, path = ''): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (CORRECTED.has(typeof before === 'string' ? before : JSON.stringify(before))) return [];
  if (Array.isArray(before) && Array.isArray(after))
    return before.flatMap((item, index) => lost(item, after[index], `${path}/${index}`));
  if (isMap(before) && isMap(after))
    return Object.entries(before).flatMap(([key, item]) =>
      GONE.has(key) ? [] : lost(item, after[key], `${path}/${key}`),
    );
  return [path];
}
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether the lines stand in the text in their order, whatever stands between them. */
function inOrder(lines: readonly string[], text: string): string | undefined {
  const all = text.split('\n');
  let from = 0;
  for (const line of lines) {
    const at = all.indexOf(line, from);
    if (at === -1) return line;
    from = at + 1;
  }
  return undefined;
}

/** All that is ever taken away. */
const MISTAKE =
  /^(default|stripe\.com|['"]default['"]|['"]stripe\.com['"]|!GetAtt Handler\.Arn|\{\s*"Fn::GetAtt":\s*\[\s*"Handler",\s*"Arn"\s*\]\s*\}|['"]?Throttle['"]?:[\s\S]*)$/;
const COMMENT = /# (comment|tail) \d+/g;

describe('mending a template', () => {
  it('loses nothing, keeps every comment and every line that needs no change, and is done after once', () => {
    fc.assert(
      fc.property(template, hand, (value, as) => {
        const name = nameOf(as.form);
        const before = written(value, as);
        const { text, splices, after } = mend(before, name);
        expect(applySplices(before, splices)).toBe(text);
        for (const { start, end } of splices)
          if (end > start) expect(before.slice(start, end)).toMatch(MISTAKE);
        expect(lost(valueIn(name, before), valueIn(name, text))).toEqual([]);
        const kept = before
          .split('\n')
          .filter(
            (line) =>
              !/[{}[\],]|default|stripe\.com|\.Arn|Throttle|BurstLimit|RateLimit/.test(line) &&
              line.trim() !== '',
          );
        if (as.form === 'yaml' && !as.endsOpen) expect(inOrder(kept, text)).toBeUndefined();
        // What stands inside a property that is put in other words goes with it.
        const comments: string[] =
          before.replace(/Throttle:[\s\S]*?RateLimit: 3[^\n]*/, '').match(COMMENT) ?? [];
        expect((text.match(COMMENT) ?? []).filter((one) => comments.includes(one))).toEqual(comments);
        expect(text.includes('\r\n')).toBe(before.includes('\r\n'));
        expect(text.replaceAll('\r\n', '').includes('\n')).toBe(before.replaceAll('\r\n', '').includes('\n'));
        expect(mend(text, name).text).toBe(text);
        // Every patch that was offered could be made.
        expect(after.patches).toEqual([]);
      }),
      { numRuns: inputs(150) },
    );
  });

  it('gives a template without findings back byte for byte', () => {
    fc.assert(
      fc.property(template, hand, (value, as) => {
        const mended = mend(written(value, as), nameOf(as.form)).text;
        expect(mend(mended, nameOf(as.form)).text).toBe(mended);
      }),
      { numRuns: inputs(30) },
    );
  });
});
