import type { ErrorTable } from './types.js';

/** Templates that cachao audit reads, and its baseline. */
export const TEMPLATE_ERRORS = {
  BASELINE_UNREADABLE: {
    what: 'The baseline of the audit cannot be read.',
    why: 'It does not exist, or is not what the audit writes.',
    next: 'Write it anew: cachao audit --update-baseline --baseline FILE',
    example: 'The baseline old.json cannot be read: it is no JSON.',
  },
  HINT_UNKNOWN: {
    what: 'No template has the function or route that --handler or --webhook names.',
    why: 'A hint that fits nothing would leave the path unseen.',
    next: 'Use a name that the message lists.',
    example: '--handler Handler: no template here has such a function.',
  },
  TEMPLATE_ALIASES: {
    what: "The template's YAML aliases cannot be resolved.",
    why: 'They multiply beyond measure, stand inside themselves, or have no anchor.',
    next: 'Write the values out.',
    example: 'template.yaml:9:3: there is no anchor &tags before *tags.',
  },
  TEMPLATE_BINARY: {
    what: 'The file is not UTF-8 text.',
    why: 'It is a binary file, or text in another encoding such as UTF-16.',
    next: 'Name a template, saved as UTF-8.',
    example: 'template.yaml: this is no UTF-8 text, it looks like UTF-16.',
  },
  TEMPLATE_CHANGED: {
    what: 'The file changed while it was audited, and was not written.',
    why: 'Another program saved it at the same time.',
    next: 'Run the audit again.',
    example: 'template.yaml changed while it was being audited; it was not written.',
  },
  TEMPLATE_EMPTY: {
    what: 'The file is empty.',
    why: 'There is nothing to check.',
    next: 'Name a template in YAML or JSON.',
    example: 'template.yaml: the file is empty.',
  },
  TEMPLATE_KEY_TWICE: {
    what: 'A key stands twice in the same map.',
    why: 'One of the two would be lost silently.',
    next: 'Keep one of them.',
    example: 'template.yaml:12:3: "Resources" stands here a second time; the first is in line 4.',
  },
  TEMPLATE_NOT_FOUND: {
    what: 'There is no template.',
    why: 'The path is wrong, or CDK, Serverless or Amplify has not made it yet.',
    next: 'Name it: cachao audit path/to/template.yaml; or make it first (npx cdk synth).',
    example: 'No template was found here.',
  },
  TEMPLATE_NO_RESOURCES: {
    what: 'The file has no map "Resources".',
    why: 'It is not a CloudFormation or SAM template.',
    next: 'Name the template itself.',
    example: 'package.yaml:1:1: there is no map "Resources": this is no CloudFormation or SAM template.',
  },
  TEMPLATE_OTHER_KIND: {
    what: 'The file is made for another tool.',
    why: 'Its template is what that tool makes of it.',
    next: 'Do what the message says for that tool, and audit the result.',
    example: 'serverless.yml: this is a configuration of the Serverless Framework.',
  },
  TEMPLATE_SEVERAL_DOCUMENTS: {
    what: 'The file has several YAML documents.',
    why: 'A template is one document.',
    next: 'Keep one template in one file.',
    example: 'template.yaml:30:1: a second YAML document begins here; a template is one.',
  },
  TEMPLATE_SYNTAX: {
    what: 'The file is not valid YAML or JSON.',
    why: "The parser's reason and the place are in the message.",
    next: 'Correct it there.',
    example: 'template.yaml:7:5: this is no valid YAML: All mapping items must start at the same column.',
  },
  TEMPLATE_TAG_UNKNOWN: {
    what: 'CloudFormation knows no such tag.',
    why: 'A mistyped function would be taken for text.',
    next: "Write one of CloudFormation's functions there.",
    example: 'template.yaml:8:10: CloudFormation knows no tag !GetAttr. Did you mean !GetAtt?',
  },
  TEMPLATE_TOO_DEEP: {
    what: 'Too many levels stand inside each other.',
    why: 'No template needs so many; it is damaged or made to exhaust readers.',
    next: 'Flatten it.',
    example: 'template.yaml:1:1: more than 200 levels stand inside each other here.',
  },
  TEMPLATE_TOO_LARGE: {
    what: 'The file is larger than CloudFormation takes.',
    why: 'CloudFormation takes templates of at most 1,048,576 bytes.',
    next: 'Split it into nested stacks, and audit the one with the Stripe path.',
    example: 'template.yaml: the file has 2,400,000 bytes.',
  },
  TEMPLATE_UNREADABLE: {
    what: 'The file cannot be read.',
    why: 'It is no regular file, or you may not read it, or it is no template.',
    next: 'Make it readable, or name another one.',
    example: 'template.yaml: it may not be read by you.',
  },
  TEMPLATE_UNWRITABLE: {
    what: 'The mended template could not be written; the file is as it was.',
    why: 'The file or its directory cannot be written.',
    next: 'Make it writable, or apply the patch yourself: cachao audit --diff, then git apply.',
    example: 'template.yaml could not be written: EACCES.',
  },
} as const satisfies ErrorTable;
