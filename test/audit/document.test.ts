// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its references like that.
import { describe, expect, it } from 'vitest';
import { CachaoError } from '../../src/core/errors.js';
import { audit } from './support.js';

const refusal = (text: string, name?: string): CachaoError => {
  try {
    audit(text, name);
  } catch (error) {
    if (error instanceof CachaoError) return error;
    throw error;
  }
  throw new Error('it was read');
};
const bomb = Array.from({ length: 12 }, (_, level) =>
  level === 0
    ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
    : `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
).join('\n');

describe('a template that cannot be read', () => {
  it.each([
    ['aliases that multiply', `${bomb}\nResources: {}`, 'TEMPLATE_ALIASES', 'template.yaml:1:1'],
    [
      'an alias inside its own anchor',
      'Resources:\n  A: &a { B: *a }\n',
      'TEMPLATE_ALIASES',
      'template.yaml:2:14: *a stands inside its own anchor',
    ],
    ['an alias without anchor', 'Resources:\n  A: *b\n', '', 'template.yaml:2:'],
    [
      'a second document',
      'Resources: {}\n---\nResources: {}\n',
      'TEMPLATE_SEVERAL_DOCUMENTS',
      'template.yaml:2:',
    ],
    ['depth', `Resources: ${'['.repeat(300)}${']'.repeat(300)}`, 'TEMPLATE_TOO_DEEP', 'template.yaml:1:'],
    ['depth beyond every stack', `Resources: ${'['.repeat(100_000)}`, '', 'template.yaml'],
    [
      'depth beyond every stack, in JSON',
      `{"Resources":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
      'TEMPLATE_TOO_DEEP',
      'too many levels',
    ],
    [
      'lists beyond every stack, in JSON',
      `{"Resources":{"A":${'['.repeat(3_000)}${']'.repeat(3_000)}}}`,
      'TEMPLATE_TOO_DEEP',
      'levels',
    ],
    ['tabs for indentation', 'Resources:\n\tA: 1\n', 'TEMPLATE_SYNTAX', 'template.yaml:2:'],
    ['a quote that does not end', 'Resources:\n  A: "x\n', 'TEMPLATE_SYNTAX', 'template.yaml:'],
    ['a list for a key', 'Resources:\n  ? [a]\n  : b\n', 'TEMPLATE_SYNTAX', 'template.yaml:2:'],
    ['a list', '- a\n- b\n', 'TEMPLATE_NO_RESOURCES', 'template.yaml:1:1'],
    ['one word', 'hello', 'TEMPLATE_NO_RESOURCES', 'template.yaml:1:1'],
    ['resources that are none', 'Resources: none\n', 'TEMPLATE_NO_RESOURCES', 'template.yaml:1:1'],
  ])('for %s says so, with the place', (_what, text, code, place) => {
    const error = refusal(text);
    expect(error.message).toContain(place);
    if (code !== '') expect(error.code).toBe(code);
    expect(error.exitCode).toBe(2);
    expect(error.next.length).toBeGreaterThan(0);
  });

  it('is told by what it calls itself: what is no JSON is no .json', () => {
    const text = '{\n  "Resources": {\n    "A": { "Type": "X" },\n  }\n}';
    expect(refusal(text, 'template.json').message).toMatch(/^template\.json:4:3: this is no valid JSON/);
    expect(audit(text, 'template.yaml').resources).toBe(1);
  });

  it('names both places of a key that stands twice', () => {
    const error = refusal('Resources:\n  A: {}\n  B:\n    Type: X\n    Type: Y\n');
    expect(error.message).toContain(
      'template.yaml:5:5: "Type" stands here a second time; the first is in line 4.',
    );
  });
});

describe('a template that is unusual', () => {
  it.each([
    ['a byte order mark', '\uFEFFResources:\n  A: { Type: X }\n', 1],
    ['resources that are no maps', 'Resources:\n  A:\n  B: text\n  C: [1]\n  D: !Ref A\n', 0],
    [
      'loops of the language extensions',
      'Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Queues:\n    - Name\n    - [A, B]\n    - Q${Name}: { Type: AWS::SQS::Queue }\n',
      0,
    ],
    [
      'every short form',
      'Resources:\n  A:\n    Type: X\n    Properties:\n      P: !If [C, !Base64 x, !Cidr [a, 1, 2]]\n      Q: !Select [0, !GetAZs ""]\n      R: !ImportValue x\n      S: !FindInMap [a, b, c]\n      T: !ToJsonString { a: 1 }\n      U: !Length [1]\n      V: !GetAtt [B, Arn]\n',
      1,
    ],
    ['a map for a function without a name', 'Resources:\n  A: { Type: AWS::Serverless::Function }\n', 1],
    ['standard tags', 'Resources:\n  A: { Type: !!str X }\n', 1],
  ])('with %s is read all the same', (_what, text, resources) => {
    expect(audit(text).resources).toBe(resources);
  });

  it('with anchors and merges is judged by what they stand for', () => {
    const text = `
x-handler: &handler
  Runtime: nodejs18.x
Resources:
  Hook:
    Type: AWS::Serverless::Function
    Properties:
      <<: *handler
      Events:
        Stripe: { Type: Api, Properties: { Path: /webhooks/stripe, Method: post } }
`;
    const [finding] = audit(text).findings.filter((one) => one.id === 'function.runtime');
    expect(finding?.location.line).toBe(3);
  });
});
