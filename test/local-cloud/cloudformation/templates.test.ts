import {
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeSet, deploy, template, thing } from './deploying.js';
import { startThingsCloud, type ThingsCloud } from './things-cloud.js';

let cloud: ThingsCloud;
beforeAll(async () => {
  cloud = await startThingsCloud();
});
afterAll(() => cloud.close());

const submit = (body: object | string, input: object = {}) =>
  changeSet(cloud.client, {
    StackName: 'never',
    ChangeSetType: 'CREATE',
    TemplateBody: typeof body === 'string' ? body : JSON.stringify(body),
    ...input,
  });

describe('a template is refused', () => {
  const A = thing();
  it.each<[string, object | string]>([
    ['Template format error: unsupported structure.', 'just text'],
    ['Template format error: YAML not well-formed. (line 2, column', 'Resources:\n  A: [1'],
    ['Template format error: At least one Resources member must be defined.', { Resources: {} }],
    ['Invalid template property or properties [Recources]', { Resources: { A }, Recources: {} }],
    [
      'Template format error: Unrecognized resource types: [AWS::Foo::Bar]',
      { Resources: { A: { Type: 'AWS::Foo::Bar' } } },
    ],
    [
      'does not run transforms: [AWS::Serverless-2016-10-31]',
      { Resources: { A }, Transform: 'AWS::Serverless-2016-10-31' },
    ],
    ['does not support nested stacks', { Resources: { A: { Type: 'AWS::CloudFormation::Stack' } } }],
    ['does not support the template section Rules', { Resources: { A }, Rules: {} }],
    [
      'Unresolved resource dependencies [Nobody] in the Resources block of the template',
      template({ A: thing({ Label: { Ref: 'Nobody' } }) }),
    ],
    [
      'Unresolved resource dependencies [Nobody] in the Resources block of the template',
      template({ A: thing({}, { DependsOn: 'Nobody' }) }),
    ],
    [
      'Unresolved resource dependencies [Nobody] in the Outputs block of the template',
      { Resources: { A }, Outputs: { O: { Value: { Ref: 'Nobody' } } } },
    ],
    [
      'instance of Fn::GetAtt references undefined resource Nobody',
      template({ A: thing({ Label: { 'Fn::GetAtt': ['Nobody', 'Arn'] } }) }),
    ],
    ['Unresolved condition dependency Nobody', template({ A: thing({}, { Condition: 'Nobody' }) })],
    [
      'Circular dependency between resources: [A, B]',
      template({ A: thing({ Label: { Ref: 'B' } }), B: thing({ Label: { 'Fn::GetAtt': ['A', 'Arn'] } }) }),
    ],
    [
      "Invalid template resource property 'Propertys'",
      template({ A: { Type: 'Test::Things::Thing', Propertys: {} } }),
    ],
    ['Every Resources object must contain a Type member', template({ A: {} })],
    ['Resource name A-B is non alphanumeric', template({ 'A-B': A })],
    [
      'Number of resources, 501, is greater than maximum allowed, 500',
      template(Object.fromEntries(Array.from({ length: 501 }, (_unused, index) => [`R${index}`, A]))),
    ],
    [
      "Mapping named 'Nobody' is not present",
      template({ A: thing({ Label: { 'Fn::FindInMap': ['Nobody', 'a', 'b'] } }) }),
    ],
  ])('%s', async (message, body) => {
    await expect(submit(body)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining(message),
    });
  });

  const off = { Conditions: { Off: { 'Fn::Equals': ['a', 'b'] } } };
  const B = thing({}, { Condition: 'Off' });
  const label = (Label: unknown) => template({ A: thing({ Label }) });
  it.each<[string, object | string]>([
    [
      'Template format error: JSON not well-formed. (line 1, column 18)',
      '{"Resources":{},}'.replace('{},', ' {},'),
    ],
    [
      'Template format error: JSON not well-formed. (line 2, column 17)',
      '{"Resources":\n {"Q": {"Type": }}}',
    ],
    ['Template format error: JSON not well-formed. (line 1, column 15)', '{"Resources": '],
    [
      'Template format error: Unresolved resource dependencies [B] in the Resources block of the template',
      { ...off, Resources: { A: thing({ Label: { Ref: 'B' } }), B } },
    ],
    [
      'Template format error: Unresolved resource dependencies [B] in the Resources block of the template',
      { ...off, Resources: { A: thing({ Label: { 'Fn::Sub': ['x $', '{B.Arn}'].join('') } }), B } },
    ],
    [
      'Template format error: Unresolved resource dependencies [B] in the Outputs block of the template',
      { ...off, Resources: { A, B }, Outputs: { O: { Value: { 'Fn::GetAtt': ['B', 'Arn'] } } } },
    ],
    [
      'Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings',
      label({ 'Fn::Join': ['-'] }),
    ],
    ['every Fn::Join object requires two parameters', label({ 'Fn::Join': ['-', 'text'] })],
    ['Template error: every Fn::Split object requires two parameters', label({ 'Fn::Split': 'a-b' })],
    ['Template error: Fn::Select requires a list argument', label({ 'Fn::Select': ['0'] })],
    [
      'Template error: Fn::Select cannot select nonexistent value at index 2',
      label({ 'Fn::Select': [2, ['a']] }),
    ],
    [
      'Template error: every Fn::Equals object requires a list of 2 string parameters.',
      { Resources: { A }, Conditions: { C: { 'Fn::Equals': ['a'] } } },
    ],
    ['every Fn::GetAtt object requires two non-empty parameters', label({ 'Fn::GetAtt': ['A'] })],
    ['the function Fn::Nonsense', label({ 'Fn::Nonsense': [] })],
    [
      'Template error: Unable to get mapping for M::b::k',
      { ...label({ 'Fn::FindInMap': ['M', 'b', 'k'] }), Mappings: { M: { a: { k: 'v' } } } },
    ],
    [
      'Template error: Unable to get mapping for M::eu-west-1::k',
      {
        ...label({ 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'k'] }),
        Mappings: { M: { a: { k: 'v' } } },
      },
    ],
    ['Circular dependency between resources: [A]', template({ A: thing({}, { DependsOn: 'A' }) })],
  ])('when it is asked for, not in the change set: %s', async (message, body) => {
    await expect(submit(body)).rejects.toThrow(message);
  });

  it('when its URL is not one of S3', async () => {
    await expect(
      submit('', { TemplateBody: undefined, TemplateURL: 'http://example.com/t' }),
    ).rejects.toThrow('TemplateURL must be a supported URL.');
  });

  it('and not for a resource without its condition in the branch that is not taken, or that it only waits for', async () => {
    const either = { 'Fn::If': ['Off', { Ref: 'B' }, 'none'] };
    const body = {
      ...off,
      Resources: { A: thing({ Label: either }, { DependsOn: 'B' }), B },
      Outputs: { O: { Condition: 'Off', Value: { Ref: 'B' } } },
    };
    expect((await submit(body, { StackName: 'accepted' })).Status).toBe('CREATE_COMPLETE');
  });

  it('when it is longer than 51,200 bytes', async () => {
    await expect(submit(template({ A: thing({ Label: 'x'.repeat(51_200) }) }))).rejects.toThrow(
      'less than or equal to 51200',
    );
  });
});

describe('parameters', () => {
  const body = template(
    { A: thing({ Label: { Ref: 'Size' } }) },
    {
      Parameters: {
        Size: { Type: 'Number', MinValue: 1, MaxValue: 5 },
        Name: {
          Type: 'String',
          Default: 'abc',
          AllowedPattern: '[a-z]+',
          ConstraintDescription: 'small letters',
        },
        Kind: { Type: 'String', Default: 'a', AllowedValues: ['a', 'b'] },
      },
    },
  );
  it.each([
    ['Parameters: [Size] must have values', {}],
    ['Parameters: [Other] do not exist in the template', { Size: '1', Other: 'x' }],
    ["Parameter 'Size' must be a number not greater than 5", { Size: '6' }],
    ["Parameter 'Size' must be a number", { Size: 'x' }],
    ['Parameter Name failed to satisfy constraint: small letters', { Size: '1', Name: 'ABC' }],
    ["Parameter 'Kind' must be one of AllowedValues", { Size: '1', Kind: 'c' }],
  ])('%s', async (message, values) => {
    const Parameters = Object.entries(values).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    }));
    await expect(submit(body, { Parameters })).rejects.toThrow(message);
  });
});

it('capabilities are asked for by name', async () => {
  const role = (properties: object) => ({
    Resources: { R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {}, ...properties } } },
  });
  await expect(submit(role({}))).rejects.toMatchObject({
    name: 'InsufficientCapabilitiesException',
    message: 'Requires capabilities : [CAPABILITY_IAM]',
  });
  await expect(submit(role({ RoleName: 'r' }), { Capabilities: ['CAPABILITY_IAM'] })).rejects.toThrow(
    'Requires capabilities : [CAPABILITY_NAMED_IAM]',
  );
  const { Capabilities } = await cloud.client.send(
    new ValidateTemplateCommand({ TemplateBody: JSON.stringify(role({})) }),
  );
  expect(Capabilities).toEqual(['CAPABILITY_IAM']);
});

it('a deployed template is given back as submitted, with its summary', async () => {
  const body = `Description: it\nParameters:\n  P: { Type: String, Default: x }\nResources:\n  A: { Type: "Test::Things::Thing" }\n`;
  await deploy(cloud.client, body, { ChangeSetType: 'CREATE' });
  expect((await cloud.client.send(new GetTemplateCommand({ StackName: 'shop' }))).TemplateBody).toBe(body);
  expect(await cloud.client.send(new GetTemplateSummaryCommand({ StackName: 'shop' }))).toMatchObject({
    Description: 'it',
    ResourceTypes: ['Test::Things::Thing'],
    Parameters: [{ ParameterKey: 'P', DefaultValue: 'x', ParameterType: 'String' }],
  });
  expect(
    (await cloud.client.send(new GetTemplateSummaryCommand({ TemplateBody: `Transform: X\n${body}` })))
      .DeclaredTransforms,
  ).toEqual(['X']);
});
