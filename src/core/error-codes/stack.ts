import type { ErrorTable } from './types.js';

/** The stack and what is deployed in it. */
export const STACK_ERRORS = {
  INVALID_REQUEST: {
    what: 'The operations function does not understand a question.',
    why: 'The deployed code and this cachao are of different versions.',
    next: 'Deploy the code of this version: cachao deploy',
    example: 'The operations function could not do events: since is missing or not of its type.',
  },
  UNKNOWN_OPERATION: {
    what: 'The operations function does not know a question.',
    why: 'The deployed code is older than this cachao.',
    next: 'Deploy the code of this version: cachao deploy',
    example: 'The operations function could not do awaited: There is no operation "awaited".',
  },
  ARTIFACT_BUCKET_TAKEN: {
    what: "The bucket for the functions' code exists, and this account may not use it.",
    why: "Another account took the name, or a policy keeps you out. Code must not come from another account's bucket.",
    next: 'See whose it is with the command in the message, and have s3:ListBucket allowed if it is yours.',
    example: 'The bucket cachao-123456789012-eu-west-1 exists and this account may not use it.',
  },
  CHECKOUT_NOT_POSSIBLE: {
    what: 'The test checkout could not begin.',
    why: 'Something that it rests on could not be looked at; the message says what.',
    next: 'Do what the message says, then run the command again.',
    example: 'The AWS credentials work: they could not be looked at.',
  },
  HANDLERS_NOT_BUILT: {
    what: 'The code of the functions is missing.',
    why: 'A clone of cachao was not built, or the installed package is incomplete.',
    next: 'In a clone run npm run build; else install cachao again.',
    example: "The functions' code is not there: dist/handlers/stripe-event.zip does not exist.",
  },
  NOT_DEPLOYED: {
    what: "No function of the stack gets Stripe's events.",
    why: 'The stage is not set up, or its path was taken away.',
    next: 'Run cachao doctor: it says what is missing.',
    example: "No function of the stack shop gets Stripe's events, so there is nothing to prove.",
  },
  OPERATIONS_FAILED: {
    what: 'The operations function failed at a question to the database.',
    why: 'The function ended with an error; the message has its words.',
    next: 'Look into its log group, /cachao/STACK/operations; then run cachao doctor.',
    example: 'The operations function failed at probe: Task timed out after 15.00 seconds',
  },
  OPERATIONS_MISSING: {
    what: 'The stack has no operations function, so the database cannot be asked.',
    why: 'The stage is not set up yet.',
    next: 'Run cachao setup.',
    example: 'The stack cachao-dev has no operations function yet, so the orders database cannot be asked.',
  },
  PATH_UNCLEAR: {
    what: "Several functions could be the one that handles Stripe's events.",
    why: 'cachao delivers to no function by guess.',
    next: 'Name the others in the setting acknowledgedHandlers, then run the command again.',
    example: 'There are several event functions.',
  },
  PROBE_NOT_ANSWERED: {
    what: 'A function does not say which database it uses.',
    why: 'Its code is of an older version.',
    next: 'Run cachao setup, which deploys the code of this version.',
    example: 'cachao-dev-event does not say which database it uses: it answered null',
  },
  STACK_FAILED: {
    what: 'A deployment failed, and CloudFormation went back to the state before.',
    why: "The message names the first resource that failed and CloudFormation's reason.",
    next: 'Do what the message advises for that resource, then run the command again.',
    example:
      'The stack cachao-dev failed at EventsQueue (AWS::SQS::Queue): Resource handler returned message',
  },
  STACK_GONE: {
    what: 'The stack is not there although its deployment ended well.',
    why: 'Somebody else may have deleted or replaced it at the same time.',
    next: 'Run the command again: it makes what is missing.',
    example: 'The stack cachao-dev is not there, or has no outputs, although its deployment ended well.',
  },
  STACK_MISSING: {
    what: 'The stack is not deployed in this region.',
    why: 'The stage, the region or the profile is another, or it was never set up.',
    next: 'Check stage, region and profile; or run cachao setup.',
    example: 'The stack cachao-dev is not deployed in eu-west-1, so there are no dead-letter queues.',
  },
  STACK_NAME_TOO_LONG: {
    what: 'The name of the stack is too long.',
    why: "The EventBridge rule's name is made from it, and may have 64 characters.",
    next: 'Choose a shorter stack.name in cachao.config.json.',
    example: 'The stack\'s name "a-very-long-name…" has 60 characters; 57 is the most.',
  },
  STACK_NOT_OURS: {
    what: 'The stack is deployed by another tool (managed: false).',
    why: 'cachao never overwrites such a stack.',
    next: 'Deploy it the way it always was; or set stack.managed to true with another stack.name.',
    example: "The stack shop of stage prod is not cachao's to deploy: its configuration says managed: false.",
  },
  STACK_RECOVERY_DECLINED: {
    what: 'The stack stays in a state that cannot be deployed to.',
    why: 'An earlier deployment ended badly, and recovering it was declined.',
    next: 'Run the command again and agree, or repair the stack in the console.',
    example: 'The stack cachao-dev stays in UPDATE_ROLLBACK_FAILED.',
  },
  STACK_REFUSED: {
    what: 'CloudFormation refuses the change before it runs.',
    why: 'The change set was checked first; the stack was not changed.',
    next: 'Do what the message advises, then run the command again.',
    example: 'CloudFormation refuses the change of the stack cachao-dev',
  },
} as const satisfies ErrorTable;
