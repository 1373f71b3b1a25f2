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
