import { saysNoStack } from './cloudformation.js';
import { isCode, unlessAbsent } from './errors.js';
import type { AwsSession } from './session.js';
import { type Tags, tagList } from './tags.js';

export interface NewChangeSet {
  stackName: string;
  name: string;
  type: 'CREATE' | 'UPDATE';
  templateBody: string;
  parameters: Record<string, string>;
  tags: Tags;
  description: string;
  /** Brings back what was changed by hand; without it only what the template changes is changed. */
  revertDrift?: boolean;
  /** In whose name CloudFormation works, from now on; null: in the caller's, or as before. */
  roleArn: string | null;
}

export function cloudformationWrites(session: AwsSession) {
  return {
    /** Asks for a change set; AWS works it out later. A name that is taken is ours, from a request whose answer was lost. */
    async createChangeSet(changeSet: NewChangeSet): Promise<void> {
      await session.call('cloudformation', 'cloudformation:CreateChangeSet', async (client) => {
        try {
          await client.createChangeSet({
            StackName: changeSet.stackName,
            ChangeSetName: changeSet.name,
            ChangeSetType: changeSet.type,
            TemplateBody: changeSet.templateBody,
            Parameters: Object.entries(changeSet.parameters).map(([ParameterKey, ParameterValue]) => ({
              ParameterKey,
              ParameterValue,
            })),
            Tags: tagList(changeSet.tags),
            Description: changeSet.description,
            ...(changeSet.roleArn ? { RoleARN: changeSet.roleArn } : {}),
            Capabilities: ['CAPABILITY_IAM'],
            ...(changeSet.revertDrift ? { DeploymentMode: 'REVERT_DRIFT' } : {}),
          });
        } catch (error) {
          if (!isCode(error, 'AlreadyExistsException')) throw error;
        }
      });
    },

    async deleteChangeSet(stackName: string, name: string): Promise<void> {
      await session.call('cloudformation', 'cloudformation:DeleteChangeSet', async (client) => {
        try {
          await unlessAbsent(
            client.deleteChangeSet({ StackName: stackName, ChangeSetName: name }),
            'ChangeSetNotFoundException',
            'ChangeSetNotFound',
          );
        } catch (error) {
          if (!saysNoStack(error)) throw error;
        }
      });
    },

    /** `token` marks the operation's events. A change set that a lost answer had executed already is left alone. */
    async executeChangeSet(stackName: string, name: string, token: string): Promise<void> {
      await session.call('cloudformation', 'cloudformation:ExecuteChangeSet', (client) =>
        client.executeChangeSet({
          StackName: stackName,
          ChangeSetName: name,
          ClientRequestToken: token,
          // The model's default contradicts its own text (FACTS-AWS §6).
          DisableRollback: false,
        }),
      );
    },

    /** Starts it. One that is gone is fine. */
    async deleteStack(nameOrId: string, token: string): Promise<void> {
      await session.call('cloudformation', 'cloudformation:DeleteStack', (client) =>
        client.deleteStack({ StackName: nameOrId, ClientRequestToken: token }),
      );
    },

    async continueUpdateRollback(stackName: string, token: string, skip: readonly string[]): Promise<void> {
      await session.call('cloudformation', 'cloudformation:ContinueUpdateRollback', (client) =>
        client.continueUpdateRollback({
          StackName: stackName,
          ClientRequestToken: token,
          ...(skip.length > 0 ? { ResourcesToSkip: [...skip] } : {}),
        }),
      );
    },

    async setTerminationProtection(stackName: string, enabled: boolean): Promise<void> {
      await session.call('cloudformation', 'cloudformation:UpdateTerminationProtection', (client) =>
        client.updateTerminationProtection({ StackName: stackName, EnableTerminationProtection: enabled }),
      );
    },
  };
}
