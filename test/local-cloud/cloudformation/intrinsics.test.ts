// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub is written so
import { describe, expect, it } from 'vitest';
import { conditionLookup } from '../../../src/local-cloud/aws/cloudformation/template/conditions.js';
import { resolve, resolveMembers } from '../../../src/local-cloud/aws/cloudformation/template/intrinsics.js';
import type { Json } from '../../../src/local-cloud/aws/cloudformation/template/model.js';
import { dependencyOrder } from '../../../src/local-cloud/aws/cloudformation/template/order.js';
import { parseTemplateText } from '../../../src/local-cloud/aws/cloudformation/template/parse.js';
import { usesOf } from '../../../src/local-cloud/aws/cloudformation/template/references.js';
import type { Scope } from '../../../src/local-cloud/aws/cloudformation/template/scope.js';
import { fc } from '../../support/property-tests.js';

function scope(fields: Partial<Scope> = {}): Scope {
  return {
    region: 'eu-west-1',
    account: '123456789012',
    stackName: 'shop',
    stackId: 'arn:stack',
    notificationArns: [],
    parameters: { Stage: 'test', List: ['a', 'b', 'c'] },
    mappings: { Sizes: { test: { cpu: '1' } } },
    condition: (name) => name === 'Yes',
    ref: (name) => `ref-${name}`,
    attribute: (name, attribute) => `${name}:${attribute}`,
    importValue: (name) => `import-${name}`,
    ...fields,
  };
}

/** Short-form YAML of one value, resolved. */
const yaml = (text: string) => resolve(parseTemplateText(`Value: ${text}`).Value as Json, scope());

describe('functions in their short form', () => {
  it.each([
    ['!Ref Stage', 'test'],
    ['!Ref AWS::Region', 'eu-west-1'],
    ['!Ref Queue', 'ref-Queue'],
    ['!GetAtt Queue.Arn', 'Queue:Arn'],
    ['!GetAtt [Queue, A.B]', 'Queue:A.B'],
    ['!Sub "${Stage}-${Queue}-${Queue.Arn}-${!Literal}"', 'test-ref-Queue-Queue:Arn-${Literal}'],
    ['!Sub ["${a}-${Stage}", { a: !Ref AWS::AccountId }]', '123456789012-test'],
    ['!Join ["/", [a, !Ref Stage, 5]]', 'a/test/5'],
    ['!Join [",", !Ref List]', 'a,b,c'],
    ['!Select [1, !Ref List]', 'b'],
    ['!Select [2, !Split ["|", "x|y|bus/rule"]]', 'bus/rule'],
    ['!Split [",", "a,b"]', ['a', 'b']],
    ['!If [Yes, one, two]', 'one'],
    ['!If [No, one, [two, !Ref AWS::NoValue]]', ['two']],
    ['!FindInMap [Sizes, !Ref Stage, cpu]', '1'],
    ['!ImportValue shared', 'import-shared'],
    ['!Base64 hello', 'aGVsbG8='],
    ['!Cidr [10.0.0.0/16, 2, 8]', ['10.0.0.0/24', '10.0.1.0/24']],
    ['!Select [0, !GetAZs ""]', 'eu-west-1a'],
    ['!Base64 { "Fn::Sub": "${Stage}" }', 'dGVzdA=='],
  ])('%s', (text, expected) => {
    expect(yaml(text)).toEqual(expected);
  });

  it('leaves out what has no value, and keeps a policy’s Condition', () => {
    const members = {
      A: { Ref: 'AWS::NoValue' },
      B: { C: { 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] }, D: 2 },
      E: { Condition: { StringEquals: { x: { Ref: 'Stage' } } } },
    };
    expect(resolveMembers(members, scope())).toEqual({
      B: { D: 2 },
      E: { Condition: { StringEquals: { x: 'test' } } },
    });
  });

  it('reads versions, account ids and booleans as AWS does', () => {
    expect(parseTemplateText('A: 2012-10-17\nB: yes\nC: true')).toEqual({
      A: '2012-10-17',
      B: 'yes',
      C: true,
    });
  });

  it.each([
    ['!Select [9, !Ref List]', 'Fn::Select cannot select nonexistent value at index 9'],
    ['!FindInMap [Sizes, live, cpu]', 'Unable to get mapping for Sizes::live::cpu'],
    ['{ "Fn::Nonsense": 1 }', 'does not support the function Fn::Nonsense'],
    ['!Sub [1, 2]', "don't specify expected arguments"],
    ['!Join ["-", [!Ref List]]', 'every value inside Fn::Join must resolve to a string, not to a list'],
    ['!Cidr [10.0.0.0/30, 5, 2]', 'cannot make 5 blocks'],
  ])('%s is refused', (text, message) => {
    expect(() => yaml(text)).toThrow(message);
  });
});

describe('conditions', () => {
  it('are evaluated in any order, and a circle is named', () => {
    const lookup = conditionLookup(
      {
        Both: { 'Fn::And': [{ Condition: 'Live' }, { 'Fn::Not': [{ Condition: 'Empty' }] }] },
        Live: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
        Empty: { 'Fn::Equals': [{ 'Fn::Join': ['', { Ref: 'List' }] }, ''] },
        Round: { 'Fn::Not': [{ Condition: 'Trip' }] },
        Trip: { 'Fn::Not': [{ Condition: 'Round' }] },
      },
      scope(),
    );
    expect([lookup('Both'), lookup('Live'), lookup('Empty')]).toEqual([true, true, false]);
    expect(() => lookup('Round')).toThrow('Circular dependency between conditions: [Round, Trip]');
  });
});

const plain = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(
      fc
        .string({ minLength: 1 })
        .filter((key) => !key.startsWith('Fn::') && key !== 'Ref' && key !== '__proto__'),
      tie('json'),
      { maxKeys: 3 },
    ),
  ),
})).json;

describe('properties of functions', () => {
  it('what holds no function is left as it is', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(resolve(value, scope())).toEqual(value);
      }),
    );
  });

  it('Join undoes Split', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1, maxLength: 2 }), (text, delimiter) => {
        const value = { 'Fn::Join': [delimiter, { 'Fn::Split': [delimiter, text] }] };
        expect(resolve(value, scope())).toBe(text);
      }),
    );
  });

  it('Sub equals Join of its pieces', () => {
    const piece = fc.oneof(
      fc.string().filter((text) => !text.includes('$')),
      fc.constantFrom('Stage', 'AWS::Region', 'Queue').map((name) => ({ Ref: name })),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1 }), (pieces) => {
        const text = pieces.map((one) => (typeof one === 'string' ? one : `\${${one.Ref}}`)).join('');
        expect(resolve({ 'Fn::Sub': text }, scope())).toBe(resolve({ 'Fn::Join': ['', pieces] }, scope()));
        expect(usesOf({ 'Fn::Sub': text }).references.map(({ name }) => name)).toEqual(
          usesOf({ 'Fn::Join': ['', pieces] }).references.map(({ name }) => name),
        );
      }),
    );
  });
});

describe('dependency order', () => {
  /** Edges only from later to earlier ids: no circle. */
  const acyclic = fc
    .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
    .map(
      (lists) =>
        new Map(
          lists.map((needed, index) => [
            `R${index}`,
            index === 0 ? [] : [...new Set(needed.map((one) => `R${one % index}`))],
          ]),
        ),
    );

  it('puts each after what it needs, whatever the order of declaration', () => {
    fc.assert(
      fc.property(acyclic, fc.boolean(), (graph, backwards) => {
        const declared = new Map(backwards ? [...graph].reverse() : graph);
        const order = dependencyOrder(declared);
        expect([...order].sort()).toEqual([...graph.keys()].sort());
        for (const [id, needed] of graph)
          for (const one of needed) expect(order.indexOf(one)).toBeLessThan(order.indexOf(id));
      }),
    );
  });

  it('names a circle, and only what stands on it', () => {
    fc.assert(
      fc.property(acyclic, fc.integer({ min: 1, max: 5 }), (graph, length) => {
        const circle = Array.from({ length }, (_unused, index) => `C${index}`);
        const all = new Map(graph);
        for (const [index, id] of circle.entries()) all.set(id, [circle[(index + 1) % length] as string]);
        all.set('Behind', ['C0']);
        expect(() => dependencyOrder(all)).toThrow(
          `Circular dependency between resources: [${circle.join(', ')}]`,
        );
      }),
    );
  });
});
