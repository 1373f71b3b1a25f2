import { databaseParameterName, webhookSecretParameterName } from '../../handlers/contract/environment.js';
import type { Tags } from '../aws/tags.js';
import type { Settings } from '../config/settings.js';
import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { artifactBucketName } from './artifact-bucket.js';
import { type Artifact, CODE_PARAMETERS } from './artifacts.js';

/** A rule's name has at most 64 characters, and ours is the stack's name and `-stripe`. */
const LONGEST_STACK_NAME = 64 - '-stripe'.length;

/** What a deployment is made of, beside the settings. */
export interface StackInputs {
  account: string;
  /** Text of `infra/template.yaml`. */
  templateBody: string;
  artifacts: readonly Artifact[];
  /** The partner bus; KNOWN_AFTER_APPLY while it is not there. */
  eventBusName: string;
  /** What the account can give each function; null: none is reserved. */
  reservedConcurrency: number | null;
  /** Stack tags; AWS passes them on to every resource that can be tagged. */
  tags: Tags;
  /** Off where AWS refuses an archive on a partner bus. */
  archive?: boolean;
  /** Also brings back what was changed by hand. */
  revertDrift?: boolean;
  /** ARN, where the organisation asks for one. */
  permissionsBoundary?: string;
}

/**
 * The template's parameters, all of them.
 * @throws CachaoError STACK_NAME_TOO_LONG
 */
export function stackParameters(settings: Settings, inputs: StackInputs): Record<string, string> {
  if (settings.stack.name.length > LONGEST_STACK_NAME) throw tooLong(settings.stack.name);
  const code = inputs.artifacts.map(({ name, key }) => [CODE_PARAMETERS[name], key]);
  return {
    Stage: settings.stage,
    Mode: settings.mode,
    PartnerEventBusName: inputs.eventBusName,
    ArtifactBucket: artifactBucketName(inputs.account, settings.region),
    ...Object.fromEntries(code),
    AlarmEmail: settings.email ?? '',
    ReservedConcurrency: String(inputs.reservedConcurrency ?? 0),
    LogRetentionDays: String(settings.logRetentionDays),
    ThrottleRate: String(settings.throttle.rate),
    ThrottleBurst: String(settings.throttle.burst),
    DatabaseParameterName: databaseParameterName(settings.stage),
    WebhookSecretParameterName: webhookSecretParameterName(settings.stage),
    Currency: settings.currency,
    SharedStripeAccount: String(settings.sharedStripeAccount),
    ConnectedAccounts: String(settings.connectedAccounts),
    OrderAmount: settings.orderAmount,
    WebhookEnabled: String(settings.webhook),
    SilenceAlarmHours: String(settings.silenceAlarmHours ?? 0),
    SubnetIds: settings.vpc?.subnetIds.join(',') ?? '',
    SecurityGroupIds: settings.vpc?.securityGroupIds.join(',') ?? '',
    ArchiveEnabled: String(inputs.archive ?? true),
    PermissionsBoundary: inputs.permissionsBoundary ?? '',
  };
}

function tooLong(name: string): CachaoError {
  return new CachaoError({
    code: 'STACK_NAME_TOO_LONG',
    message: `The stack's name "${name}" has ${name.length} characters; ${LONGEST_STACK_NAME} is the most.`,
    why: "The EventBridge rule's name is made from it, and may have 64 characters.",
    next: ['Choose a shorter one in cachao.config.json, as `stack.name`.'],
    exitCode: EXIT.usage,
  });
}
