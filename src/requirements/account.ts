import type { RequirementTable } from './types.js';

/** What must hold for the area `account`. */
export const ACCOUNT = {
  'account.aws-identity': {
    severity: 'fail',
    title: 'AWS credentials work',
    why: 'Without working credentials nothing on AWS can be read or changed.',
  },
  'account.aws-region': {
    severity: 'fail',
    title: 'A region is chosen and EventBridge answers there',
    why: 'Source, bus and rule are regional: in another region than the destination names, nothing ever arrives.',
  },
  'account.clock': {
    severity: 'warn',
    title: 'The local clock agrees with AWS and Stripe within a minute',
    why: 'Requests and webhook probes are signed with the local time; a clock that is wrong makes good signatures fail.',
  },
  'account.concurrency': {
    severity: 'warn',
    item: 4,
    title: 'The account can reserve the configured concurrency',
    why: 'Another function that uses up the account would throttle the handlers; and a reservation that the account cannot give makes the whole deployment fail.',
  },
  'account.mode': {
    severity: 'fail',
    title: 'A test key for a test stage, a live key for a live stage',
    why: 'A live key on a test stage would touch real money; a test key on a live stage would set up a path that no real payment takes.',
  },
  'account.permissions': {
    severity: 'fail',
    item: 9,
    title: 'The operator has the permissions that this command needs',
    why: 'What cachao is not allowed to read it cannot check, and a fix that stops half-way because a permission is missing leaves the path as broken as it was.',
  },
  'account.stripe-key': {
    severity: 'fail',
    title: 'The Stripe key works',
    why: 'Without a working key nothing on Stripe can be read or changed.',
  },
} as const satisfies RequirementTable;
