import { readFileSync } from 'node:fs';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { deploy } from '../../local-cloud/cloudformation/deploying.js';
import { startTestCloud } from '../../support/local-cloud.js';
import { openStage, type StageOptions, type TestStage } from './set-up-stage.js';

/** A stack of somebody else's, deployed with their own tools, and a stage that looks at it. */
export interface TheirStage extends TestStage {
  /** Of the stack's resources, by logical id. */
  physicalIds: Record<string, string>;
  /** Deploys another template over it. */
  update(template: object): Promise<void>;
}

export interface TheirStageOptions extends StageOptions {
  parameters?: Record<string, string>;
}

const CHECKLIST = new URL('../../fixtures/checklist/', import.meta.url);

export interface TheirTemplate {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown>; DependsOn?: string }>;
}

/** The checklist's shop `before` anybody worked through it, or with everything pasted in that it `recommended`. */
export function checklistTemplate(name: 'before' | 'recommended'): TheirTemplate {
  const text = readFileSync(new URL(`${name}.cfn.json`, CHECKLIST), 'utf8');
  // Its runtime ends some day; what the tests expect does not.
  return JSON.parse(text.replaceAll('nodejs22.x', 'nodejs24.x'));
}

export async function theirStage(template: object, options: TheirStageOptions = {}): Promise<TheirStage> {
  const cloud = options.cloud ?? (await startTestCloud());
  const client = new CloudFormationClient(cloud.client);
  const name = 'Cachao';
  const parameters = Object.entries(options.parameters ?? {}).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
  const make = async (body: object, type: 'CREATE' | 'UPDATE') => {
    const stack = await deploy(client, JSON.stringify(body), {
      StackName: name,
      ChangeSetType: type,
      Capabilities: ['CAPABILITY_IAM'],
      Parameters: parameters,
    });
    if (stack.StackStatus !== `${type}_COMPLETE`)
      throw new Error(`their stack is ${stack.StackStatus}: ${stack.StackStatusReason}`);
  };
  await make(template, 'CREATE');
  const stage = await openStage({
    ...options,
    cloud,
    settings: { stack: { name, managed: false }, database: null, ...options.settings },
  });
  const resources = await stage.open().world.cloudformation.resources(name);
  return {
    ...stage,
    physicalIds: Object.fromEntries(resources.map((one) => [one.logicalId, one.physicalId ?? ''])),
    update: (body) => make(body, 'UPDATE'),
    close: () => cloud.close(),
  };
}
