import type { RequirementTable } from './types.js';

/** What only a template can show. */
export const AUDIT = {
  'audit.alarm-dimension': {
    area: 'alarm',
    severity: 'fail',
    item: 5,
    title: "Every alarm's dimensions are those of a metric that exists",
    why: 'An alarm on a metric that does not exist never rings, and looks healthy for ever.',
  },
  'audit.circle': {
    area: 'stack',
    severity: 'fail',
    title: 'Nothing depends on itself',
    why: 'CloudFormation refuses a template whose parts wait for each other, and with it whatever the deployment should mend.',
  },
  'audit.fixed-name': {
    area: 'stack',
    severity: 'warn',
    title: 'Physical names derive from the stack',
    why: 'A second stage in the same account cannot be deployed, or takes over what belongs to the first.',
  },
  'audit.log-group-collision': {
    area: 'log',
    severity: 'warn',
    item: 13,
    title: "No log group has the name that Lambda gives to a function's own",
    why: 'The first invocation makes that group by itself; the deployment that would make it then fails, and with it the mend that it carried.',
  },
  'audit.no-path': {
    area: 'stack',
    severity: 'warn',
    title: 'A part of the Stripe path is in the template',
    why: 'What the audit does not recognise it cannot judge: silence would look like health.',
  },
  'audit.secret-parameter': {
    area: 'secret',
    severity: 'fail',
    item: 12,
    title: 'No secret is shown as a stack parameter',
    why: 'A stack parameter is readable by whoever may describe the stack, and is easily set on the wrong stage; then every webhook is refused.',
  },
  'audit.secret-written': {
    area: 'secret',
    severity: 'fail',
    title: 'No secret of Stripe is written out in the template',
    why: 'Whoever reads the repository, its history or the deployed stack has the secret.',
  },
  'audit.suppression': {
    area: 'stack',
    severity: 'warn',
    title: 'Every suppression names a rule, gives a reason, and is still needed',
    why: 'A suppression that nobody can explain hides the next loss as well.',
  },
  'audit.unknown-property': {
    area: 'stack',
    severity: 'fail',
    title: 'Every property is one that SAM or CloudFormation knows',
    why: 'The deployment is refused, or what the property should do never happens.',
  },
} as const satisfies RequirementTable;
