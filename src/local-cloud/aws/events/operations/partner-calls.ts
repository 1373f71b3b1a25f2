import { AwsError, type Operation } from '../../../kernel/service.js';

const PARTNER_ONLY = [
  'CreatePartnerEventSource',
  'DeletePartnerEventSource',
  'DescribePartnerEventSource',
  'ListPartnerEventSourceAccounts',
  'ListPartnerEventSources',
  'PutPartnerEvents',
];

/** Calls for software vendors. A customer's account is refused; it sees its sources with ListEventSources. */
export function partnerOperations(): Record<string, Operation> {
  const refuse = (operation: string): Operation => ({
    handle: () => {
      throw new AwsError(
        'OperationDisabledException',
        `${operation} is for SaaS partners and is not used by AWS customers.`,
      );
    },
  });
  return Object.fromEntries(PARTNER_ONLY.map((operation) => [operation, refuse(operation)]));
}
