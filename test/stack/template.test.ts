import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../src/stack/template.js';

const body = (properties: string) =>
  `Resources:\n  Thing:\n    Type: AWS::SQS::Queue\n    Properties:\n${properties}`;
const propertiesOf = (text: string) => parseTemplate(body(text)).Resources.Thing?.Properties;

describe('a template', () => {
  it.each([
    ['      A: !Ref X', { A: { Ref: 'X' } }],
    ['      A: !GetAtt Queue.Arn', { A: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
    ['      A: !GetAtt [Queue, Arn]', { A: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
    ['      A: !GetAtt Nested.Outputs.Url', { A: { 'Fn::GetAtt': ['Nested', 'Outputs.Url'] } }],
    [
      '      A: !If [Live, !Ref X, !Sub "a-X"]',
      { A: { 'Fn::If': ['Live', { Ref: 'X' }, { 'Fn::Sub': 'a-X' }] } },
    ],
    ['      A: !Join ["", !Ref List]', { A: { 'Fn::Join': ['', { Ref: 'List' }] } }],
    ['      A: !Transform { Name: "AWS::Include" }', { A: { 'Fn::Transform': { Name: 'AWS::Include' } } }],
    ['      A: !Not [!Condition Live]', { A: { 'Fn::Not': [{ Condition: 'Live' }] } }],
    ['      A: 2012-10-17', { A: '2012-10-17' }],
    ['      A: on', { A: 'on' }],
  ])('reads %s', (text, expected) => {
    expect(propertiesOf(text)).toEqual(expected);
  });

  it('is the same in JSON and in the long form', () => {
    expect(parseTemplate('{"Resources":{"Q":{"Type":"T","Properties":{"A":{"Ref":"X"}}}}}')).toEqual(
      parseTemplate('Resources: { Q: { Type: T, Properties: { A: !Ref X } } }'),
    );
  });

  it('that cannot be read says where', () => {
    expect(() => parseTemplate('Resources:\n  A: [1')).toThrow(/cannot be read.*line/s);
    expect(() => parseTemplate('Parameters: {}')).toThrow('it has no Resources');
  });
});
