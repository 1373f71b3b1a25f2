import type { CachaoError } from '../core/errors.js';
import { type Unreadable, unreadable } from './document/unreadable.js';

interface Kind {
  what: string;
  next: string;
  /** By the file's name, or by what stands in it. */
  name: RegExp;
  text?: RegExp;
}

/** Files that describe infrastructure, and are no templates: what to give instead. */
const KINDS: readonly Kind[] = [
  {
    what: 'this is a configuration of the Serverless Framework, not the template that it makes.',
    next: 'Make the template and give that: npx serverless package && cachao audit .serverless',
    name: /(^|\/)serverless[\w.-]*\.(ya?ml|json|ts|js)$/i,
    text: /^service:[\s\S]*^(provider|functions|resources):/m,
  },
  {
    what: 'this is Terraform, which the audit does not read.',
    next: 'See what is deployed instead: cachao doctor',
    name: /\.(tf|tfvars|hcl)(\.json)?$/i,
  },
  {
    what: 'this is the configuration of the SAM CLI, not a template.',
    next: 'Name the template that it deploys: cachao audit template.yaml',
    name: /(^|\/)samconfig\.(toml|ya?ml)$/i,
    text: /^\[[\w-]+\.deploy\.parameters\]/m,
  },
  {
    what: 'this is the configuration of a CDK app, not the template that it makes.',
    next: 'Make the template and give that: npx cdk synth && cachao audit cdk.out',
    name: /(^|\/)cdk(\.context)?\.json$/i,
  },
  {
    what: 'this is a program, not the template that it makes.',
    next: 'Make the template and give that: npx cdk synth && cachao audit cdk.out',
    name: /\.([cm]?[jt]s|py|go|java|cs)$/i,
  },
  {
    what: 'this is a configuration of Docker Compose.',
    next: 'Name a CloudFormation or SAM template.',
    name: /(^|\/)(docker-)?compose[\w.-]*\.ya?ml$/i,
  },
];

const isTemplate = (text: string): boolean =>
  /^["']?(AWSTemplateFormatVersion|Resources)["']?\s*:/m.test(text) ||
  (/^\s*\{/.test(text) && /"Resources"\s*:\s*\{/.test(text) && !/"provider"\s*:/.test(text));

/** Says of a file that is no template what it is, and what to give instead; undefined for what may be one. */
export function otherKind(file: string, text: string): CachaoError | undefined {
  const kind = KINDS.find((one) => one.name.test(file) || one.text?.test(text));
  if (!kind || isTemplate(text)) return undefined;
  const details: Unreadable = { code: 'TEMPLATE_OTHER_KIND', what: kind.what, next: kind.next };
  return unreadable(file, details);
}
