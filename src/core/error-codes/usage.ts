import type { ErrorTable } from './types.js';

/** Command lines that cannot be understood, answers that are missing, runs that ended early. */
export const USAGE_ERRORS = {
  ANSWERS_NEEDED: {
    what: 'A value is needed, and nobody can be asked for it.',
    why: 'There is no terminal (CI, a pipe), or --json or --yes was given, so cachao does not ask.',
    next: 'Give each value that the message names, by its flag or its variable.',
    example: 'An answer is missing and there is no terminal to ask on: AWS region.',
  },
  ARGUMENT_MISSING: {
    what: 'The command needs an argument that was not given.',
    why: 'Without it the command does not know what to work on.',
    next: "Give it, as the command's help shows.",
    example: 'cachao trace needs ID.',
  },
  ARGUMENT_UNEXPECTED: {
    what: 'The command got a word that it does not take.',
    why: "Often a flag's value without its flag, or a space in a value that is not quoted.",
    next: "Remove the word, or see the command's help.",
    example: 'cachao doctor does not take "prod".',
  },
  CHECK_UNKNOWN: {
    what: 'No check has this id.',
    why: 'A check that does not exist would look healthy.',
    next: 'See every id with cachao doctor --list-checks.',
    example: 'There is no check "eventbridge.patern". Did you mean eventbridge.pattern?',
  },
  COMMAND_MISSING: {
    what: 'A flag stands where the command should be.',
    why: 'cachao reads the command first.',
    next: 'Put the command before its flags.',
    example: '--stage comes before the command: put "doctor" first.',
  },
  COMMAND_UNKNOWN: {
    what: 'There is no command of this name.',
    why: "It is mistyped, or another tool's word for it.",
    next: 'See every command with cachao --help.',
    example: 'There is no command "doctr". Did you mean "cachao doctor"?',
  },
  DECLINED: {
    what: 'A change was declined, or was not in the plan that was agreed to.',
    why: 'cachao changes only what was agreed to. What was made before stays.',
    next: 'Run the command again to see a plan of what is left.',
    example: 'The change set was declined and discarded; the stack was not changed.',
  },
  DEFECT: {
    what: 'Something failed in a way that cachao does not foresee.',
    why: 'This is a defect in cachao, not in your set-up.',
    next: 'Run the same command with --debug, and report it with the file that it names.',
    example: 'Something went wrong inside cachao: cannot read properties of undefined',
  },
  EXPLAIN_UNKNOWN: {
    what: 'There is no error code, check or audit rule of this name.',
    why: 'It is mistyped, or of another version of cachao.',
    next: 'Copy it from the output; docs/reference lists every one.',
    example: 'There is nothing to explain called "AWS_TIMEOT". Did you mean AWS_TIMEOUT?',
  },
  FLAG_CONFLICT: {
    what: 'Two flags, or a flag and a setting, do not go together.',
    why: 'Each asks for something that the other rules out.',
    next: 'Leave one of them out. A flag may also come from a CACHAO_ variable.',
    example: '--watch and --fix do not go together: leave one out.',
  },
  FLAG_INVALID: {
    what: 'A flag has a value that it does not take, or none.',
    why: 'The value is mistyped or of another kind.',
    next: "Give one of the values that the message or the command's help names.",
    example: 'Expected --format=csv to be one of: text, json, markdown, junit, sarif',
  },
  FLAG_UNKNOWN: {
    what: 'The command has no such flag.',
    why: "It is mistyped, or belongs to another command. Secrets are never flags: other processes and the shell's history see them.",
    next: "Use the flag that the message suggests, or see the command's help.",
    example: 'There is no flag --stge (did you mean --stage?).',
  },
  INTERRUPTED: {
    what: 'The run was ended by Ctrl-C or SIGTERM.',
    why: 'cachao stopped at the next safe point.',
    next: 'Run the same command again: it goes on from there.',
    example: 'Interrupted.',
  },
  LIVE_NOT_CONFIRMED: {
    what: 'A change to a live account was not confirmed.',
    why: 'Live writes need the id of the Stripe account, so that nobody changes the wrong one.',
    next: 'Give --confirm-live with the id that the message names, if it is the account that you mean.',
    example: 'The live account was not confirmed; nothing was changed.',
  },
  NOTHING_TO_CHECK: {
    what: 'No check is left after --only and --skip.',
    why: 'An empty report would look healthy.',
    next: 'Leave --skip out, or name other checks. Checks that take long need --deep or their id.',
    example: 'Nothing is left to check: --only alarm --skip alarm.',
  },
  NOT_SET_UP: {
    what: 'Nothing of the stage exists here, so there is nothing to repair.',
    why: 'The stage was never set up, or the account, the region or the stage is another.',
    next: 'Run cachao setup; or check the AWS account, the region and --stage.',
    example: 'Nothing of stage dev is set up here yet, so there is nothing to repair.',
  },
  NO_STAGES: {
    what: 'All stages were asked for, and no stage is known.',
    why: 'Stages are found in cachao.config.json, and there is none in it.',
    next: 'Leave --all-stages out, or make a stage with cachao setup --stage dev.',
    example: 'There is no cachao.config.json here, so no stage is known.',
  },
  PART_ABSENT: {
    what: 'The policy has no such part with these flags.',
    why: 'Some parts exist only with a deploy role or a boundary.',
    next: 'Name one of the parts that the message lists.',
    example: 'There is no part deploy-role here: there is cachao, cloudformation.',
  },
  POLICY_ACTION_UNKNOWN: {
    what: 'cachao does not know on which resources an AWS action works.',
    why: 'A defect in cachao: an action was added without its resource.',
    next: 'Report it, with the action.',
    example: 'It is not known what sqs:ListQueues may be done on.',
  },
  POLICY_TYPE_UNKNOWN: {
    what: 'cachao does not know which rights CloudFormation needs for a resource type.',
    why: 'A defect in cachao: a type was added without its actions.',
    next: 'Report it, with the type.',
    example: 'It is not known what CloudFormation may need for AWS::KMS::Key.',
  },
  RULE_UNKNOWN: {
    what: 'No audit rule has this id.',
    why: 'A rule that does not exist would look healthy.',
    next: 'See every id with cachao audit --list-rules.',
    example: 'There is no rule "queue.retenton". Did you mean queue.retention?',
  },
} as const satisfies ErrorTable;
