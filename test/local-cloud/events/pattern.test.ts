import { expect, test } from 'vitest';
import { eventPattern } from '../../../src/local-cloud/aws/events/pattern/index.js';

const matches = (pattern: object, event: object) => eventPattern(JSON.stringify(pattern))(event);

test.each<[object, object, boolean]>([
  [{ source: ['a', 'b'] }, { source: 'b' }, true],
  [{ source: ['a'] }, { source: 'A' }, false],
  [{ source: ['stripe.com'] }, { source: 'aws.partner/stripe.com/ed_1' }, false],
  [{ source: [{ prefix: 'aws.partner/stripe.com/' }] }, { source: 'aws.partner/stripe.com/ed_1' }, true],
  [{ a: [{ prefix: { 'equals-ignore-case': 'EU-' } }] }, { a: 'eu-west-1' }, true],
  [{ a: [{ suffix: '.png' }] }, { a: 'x.png' }, true],
  [{ a: [{ suffix: { 'equals-ignore-case': '.PNG' } }] }, { a: 'x.png' }, true],
  [{ a: [{ 'equals-ignore-case': 'ALICE' }] }, { a: 'alice' }, true],
  [{ a: [{ 'anything-but': 'x' }] }, { a: 'y' }, true],
  [{ a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'y' }, false],
  [{ a: [{ 'anything-but': [1, 2] }] }, { a: 3 }, true],
  [{ a: [{ 'anything-but': 'x' }] }, {}, false],
  [{ a: [{ 'anything-but': { prefix: 'in' } }] }, { a: 'inside' }, false],
  [{ a: [{ 'anything-but': { prefix: ['in', 'out'] } }] }, { a: 'above' }, true],
  [{ a: [{ 'anything-but': { suffix: ['.ts', '.js'] } }] }, { a: 'a.js' }, false],
  [{ a: [{ 'anything-but': { wildcard: '*/lib/*' } }] }, { a: 'x/lib/y' }, false],
  [{ a: [{ 'anything-but': { 'equals-ignore-case': ['X'] } }] }, { a: 'x' }, false],
  [{ a: [{ numeric: ['=', 3e2] }] }, { a: 300.0 }, true],
  [{ a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, true],
  [{ a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 0 }, false],
  [{ a: [{ numeric: ['<', 5] }] }, { a: '1' }, false],
  [{ a: [5] }, { a: '5' }, false],
  [{ a: [null] }, { a: null }, true],
  [{ a: [null] }, {}, false],
  [{ a: [true] }, { a: 'true' }, false],
  [{ a: [''] }, { a: '' }, true],
  [{ a: [{ exists: true }] }, { a: null }, true],
  [{ a: [{ exists: true }] }, { a: { b: 1 } }, false],
  [{ a: [{ exists: false }] }, { b: 1 }, true],
  [{ a: { b: [{ exists: false }] } }, {}, true],
  [{ a: { b: [{ exists: false }] } }, { a: { b: 1 } }, false],
  [{ a: { b: [{ exists: false }] } }, { a: [{ c: 1 }, { b: 1 }] }, false],
  [{ a: [{ exists: false }, 'x'] }, { a: 'x' }, true],
  [{ a: ['x'] }, { a: ['y', 'x'] }, true],
  [{ a: ['x'] }, { a: [['y'], ['x']] }, true],
  [{ a: ['x'] }, { a: [] }, false],
  [
    { a: { b: ['x'], c: ['y'] } },
    {
      a: [
        { b: 'x', c: 'no' },
        { b: 'no', c: 'y' },
      ],
    },
    false,
  ],
  [{ a: { b: ['x'], c: ['y'] } }, { a: [{ b: 'no' }, { b: 'x', c: 'y' }] }, true],
  [{ 'a.b': ['x'] }, { a: { b: 'x' } }, true],
  [{ a: { b: ['x'] } }, { 'a.b': 'x' }, true],
  [{ 'a.b': ['x'] }, { 'a.b': 'x' }, true],
  [{ 'a.b': ['x'] }, { a: { b: 'y' } }, false],
  [{ 'a.b': ['x'] }, { 'a.c': 'x' }, false],
  [{ a: { 'b.c': { d: [{ prefix: 'x' }] } } }, { 'a.b': { 'c.d': 'xy' } }, true],
  [{ 'a.b': ['x'], a: { c: ['y'] } }, { a: { b: 'x' }, 'a.c': 'y' }, true],
  [{ 'a.b': [{ exists: false }] }, { a: { c: 1 } }, true],
  [{ 'a.b': [{ exists: false }] }, { a: { b: 1 } }, false],
  [{ a: { b: [{ exists: false }] } }, { 'a.b': 1 }, false],
  [{ 'a.b': ['x'], 'a.c': ['y'] }, { a: [{ b: 'x' }, { c: 'y' }] }, false],
  [{ 'a.b': ['x'], a: { c: ['y'] } }, { a: [{ b: 'x', c: 'y' }, { c: 'z' }] }, true],
  [{ $or: [{ 'a.b': ['x'] }, { c: ['y'] }] }, { a: { b: 'x' } }, true],
  [{ a: [{ wildcard: 'dir/*.png' }] }, { a: 'dir/sub/x.png' }, true],
  [{ a: [{ wildcard: 'a*a' }] }, { a: 'a' }, false],
  [{ a: [{ wildcard: 'x*ab*b' }] }, { a: 'xab' }, false],
  [{ a: [{ wildcard: 'x*ab*b' }] }, { a: 'xabb' }, true],
  [{ a: [{ wildcard: 'a\\*b' }] }, { a: 'a*b' }, true],
  [{ a: [{ wildcard: 'a\\*b' }] }, { a: 'axb' }, false],
  [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.0.255' }, true],
  [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.1.0' }, false],
  [{ a: [{ cidr: '2001:db8::/32' }] }, { a: '2001:db8:1::1' }, true],
  [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: 'ten' }, false],
  [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { a: 'no', b: 'y' }, true],
  [{ c: ['z'], $or: [{ a: ['x'] }, { b: ['y'] }] }, { a: 'x', c: 'no' }, false],
  [{ d: { $or: [{ a: [{ numeric: ['>', 1] }] }, { b: ['y'] }] } }, { d: { a: 2 } }, true],
  [{ d: { $or: [{ a: ['x'] }, { b: ['y'] }] } }, { a: 'x', b: 'y', d: {} }, false],
  [{ toString: ['x'] }, {}, false],
])('%j on %j: %s', (pattern, event, expected) => {
  expect(matches(pattern, event)).toBe(expected);
});

// Reasons as recorded from AWS, without the position that follows some of them.
test.each<[string, string]>([
  ['["not","a","dict"]', 'Filter is not an object'],
  ['{}', 'Empty objects are not allowed'],
  ['{"a":[]}', 'Empty arrays are not allowed'],
  ['{"a":"x"}', '"a" must be an object or an array'],
  ['{"a":42}', '"a" must be an object or an array'],
  ['{"a":[{"EXISTS":true}]}', 'Unrecognized match type EXISTS'],
  ['{"a":[{"exists":"yes"}]}', 'exists match pattern must be either true or false.'],
  ['{"a":[{"prefix":"x","suffix":"y"}]}', 'Only one key allowed in match expression'],
  ['{"a":[{"prefix":1}]}', 'prefix match pattern must be a string'],
  ['{"a":[{"suffix":["x"]}]}', 'suffix match pattern must be a string'],
  ['{"a":[{"wildcard":1}]}', 'wildcard match pattern must be a string'],
  [
    '{"a":[{"wildcard":"arn:aws:events:eu-west-1:**:event-bus/*"}]}',
    'Consecutive wildcard characters at pos 25',
  ],
  ['{"a":[{"wildcard":"a\\\\b"}]}', 'Invalid escape character at pos 1'],
  ['{"a":[{"equals-ignore-case":["x"]}]}', 'equals-ignore-case match pattern must be a string'],
  ['{"a":[{"numeric":10}]}', 'Value of numeric must be an array.'],
  ['{"a":[{"numeric":[">",0,">",0]}]}', 'Bad numeric range operator: >'],
  ['{"a":[{"numeric":[">",0,"<"]}]}', 'Value of < must be numeric'],
  ['{"a":[{"numeric":[">",5,"<",1]}]}', 'Bottom must be less than top'],
  ['{"a":[{"anything-but":null}]}', 'Value of anything-but must be an array or single string/number value.'],
  ['{"a":[{"anything-but":["x",null]}]}', 'Inside anything but list, start|null|boolean is not supported.'],
  ['{"a":[{"anything-but":{"prefix":123}}]}', 'prefix/suffix match pattern must be a string'],
  ['{"a":[{"anything-but":{"prefix":""}}]}', 'Null prefix/suffix not allowed'],
  [
    '{"a":[{"anything-but":{"suffix":{"equals-ignore-case":"x"}}}]}',
    'Value of anything-but must be an array or single string/number value.',
  ],
  [
    '{"a":[{"anything-but":{"equals-ignore-case":123}}]}',
    'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
  ],
  ['{"a":[{"anything-but":{"wildcard":[1,"*/x"]}}]}', 'wildcard match pattern must be a string'],
  ['{"a":[{"cidr":"10.0.0.0"}]}', "Malformed CIDR, one '/' required"],
  ['{"a":[{"cidr":"10.0.0.0/xx"}]}', 'Malformed CIDR, mask bits must be an integer'],
  ['{"a":[{"cidr":"xx.11.xx/8"}]}', 'Nonstandard IP address: xx.11.xx'],
  ['{"a":[{"cidr":["bad-type"]}]}', 'prefix match pattern must be a string'],
])('%s is refused', (pattern, reason) => {
  expect(() => eventPattern(pattern)).toThrow(
    expect.objectContaining({
      code: 'InvalidEventPatternException',
      message: `Event pattern is not valid. Reason: ${reason}`,
    }),
  );
});

test('text that is no JSON is refused as a pattern', () => {
  expect(() => eventPattern("{'bad': 'quotation'}")).toThrow(/Event pattern is not valid\. Reason: /);
});
