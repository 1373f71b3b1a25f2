import type { ResourceType } from '../../../kernel/resource-type.js';
import { boolean, ignoreMissing, livePart, stated } from './values.js';

const PROPERTIES = [
  'Action',
  'FunctionName',
  'Principal',
  'SourceArn',
  'SourceAccount',
  'EventSourceToken',
  'PrincipalOrgID',
  'FunctionUrlAuthType',
  'InvokedViaFunctionUrl',
];

/** `AWS::Lambda::Permission`: one statement of a function's resource policy. Any change replaces it. */
export const permissionType: ResourceType = {
  properties: PROPERTIES,
  required: ['Action', 'FunctionName', 'Principal'],
  createOnly: PROPERTIES,

  async create(properties, context) {
    const StatementId = context.generatedName(100);
    await context.call('lambda', 'AddPermission', {
      ...stated({ ...properties, InvokedViaFunctionUrl: boolean(properties.InvokedViaFunctionUrl) }),
      StatementId,
    });
    return { physicalId: StatementId, attributes: { Id: StatementId } };
  },

  async delete(physicalId, { FunctionName }, context) {
    await context
      .call('lambda', 'RemovePermission', { FunctionName, StatementId: physicalId })
      .catch(ignoreMissing);
  },

  async read(physicalId, properties, context) {
    const answer = await context
      .call('lambda', 'GetPolicy', { FunctionName: properties.FunctionName })
      .catch(ignoreMissing);
    if (!answer) return undefined;
    const { Statement } = JSON.parse(answer.Policy) as { Statement: { Sid: string }[] };
    // A statement cannot be changed in place: while it is there it is as it was made.
    return Statement.some(({ Sid }) => Sid === physicalId) ? livePart(properties, properties) : undefined;
  },
};
