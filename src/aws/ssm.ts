import { setTimeout as sleep } from 'node:timers/promises';
import { AccessDeniedError, CachaoError } from '../core/errors.js';
import { Secret } from '../core/secret.js';
import { isCode, unlessAbsent } from './errors.js';
import { allPages, iso, tokenAs } from './pages.js';
import type { AwsSession } from './session.js';
import { type Tags, tagList, tagsOf } from './tags.js';

const ABSENT = ['ParameterNotFound', 'ParameterVersionNotFound'];

export interface Parameter {
  name: string;
  arn: string;
  type: 'String' | 'StringList' | 'SecureString' | string;
  version: number;
  modifiedAt: string | null;
}

export interface SecretParameter extends Parameter {
  value: Secret;
}

export function ssmReads(session: AwsSession) {
  const get = (name: string, decrypt: boolean) =>
    session.call('ssm', 'ssm:GetParameter', async (client) => {
      const answer = await unlessAbsent(
        client.getParameter({ Name: name, WithDecryption: decrypt }),
        ...ABSENT,
      );
      return answer?.Parameter;
    });
  return {
    /** What is known of a parameter without its value. */
    async parameter(name: string): Promise<Parameter | undefined> {
      const found = await get(name, false);
      return found && read(found, name);
    },

    /** The parameter with its value, decrypted. `name:3` asks for a version. */
    async secret(name: string): Promise<SecretParameter | undefined> {
      const found = await get(name, true);
      return found && { ...read(found, name), value: new Secret(found.Value ?? '') };
    },

    /** What was written beside the value, in the same call. Undefined when there is no such parameter. */
    description(name: string): Promise<string | undefined> {
      return session.call('ssm', 'ssm:DescribeParameters', async (client) => {
        const answer = await client.describeParameters({
          ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [name] }],
        });
        const found = answer.Parameters?.[0];
        return found && (found.Description ?? '');
      });
    },

    /** The names below a prefix, with what was written beside their values. */
    descriptions(prefix: string): Promise<{ name: string; description: string }[]> {
      return session.call('ssm', 'ssm:DescribeParameters', (client) =>
        allPages(async (token) => {
          const page = await client.describeParameters({
            ParameterFilters: [{ Key: 'Name', Option: 'BeginsWith', Values: [prefix] }],
            ...tokenAs('NextToken', token),
          });
          const items = page.Parameters?.map(({ Name = '', Description = '' }) => ({
            name: Name,
            description: Description,
          }));
          return { items, next: page.NextToken };
        }),
      );
    },

    /** Undefined when there is no such parameter. */
    tags(name: string): Promise<Tags | undefined> {
      return session.call('ssm', 'ssm:ListTagsForResource', async (client) => {
        const answer = await unlessAbsent(
          client.listTagsForResource({ ResourceType: 'Parameter', ResourceId: name }),
          'InvalidResourceId',
          ...ABSENT,
        );
        return answer && tagsOf(answer.TagList);
      });
    },
  };
}

function read(
  found: {
    Name?: string | undefined;
    ARN?: string | undefined;
    Type?: string | undefined;
    Version?: number | undefined;
    LastModifiedDate?: Date | undefined;
  },
  name: string,
): Parameter {
  return {
    name: found.Name ?? name,
    arn: found.ARN ?? '',
    type: found.Type ?? 'String',
    version: found.Version ?? 0,
    modifiedAt: iso(found.LastModifiedDate),
  };
}

/** How long the name of a deleted parameter may stay taken (FACTS-AWS §5). */
const REUSE_PATIENCE_MS = 45_000;
const REUSE_POLL_MS = 3_000;

export function ssmWrites(session: AwsSession) {
  return {
    /**
     * Stores a secret as a SecureString under its tags, whether it exists already or not. Returns its version.
     * @throws CachaoError PARAMETER_NOT_SECURE when a parameter of another type has the name.
     */
    async putSecret(name: string, value: Secret, description: string, tags: Tags): Promise<number> {
      const common = {
        Name: name,
        Value: value.reveal(),
        Type: 'SecureString',
        Description: description,
        // A standard parameter holds 4 KB.
        ...(Buffer.byteLength(value.reveal()) > 4096 ? { Tier: 'Advanced' as const } : {}),
      } as const;
      return session.call('ssm', 'ssm:PutParameter', async (client) => {
        try {
          const created = await client.putParameter({ ...common, Tags: tagList(tags) });
          return created.Version ?? 1;
        } catch (error) {
          if (!isCode(error, 'ParameterAlreadyExists')) throw error;
        }
        // Tags and Overwrite exclude each other (FACTS-AWS §5).
        try {
          const updated = await client.putParameter({ ...common, Overwrite: true });
          await client.addTagsToResource({
            ResourceType: 'Parameter',
            ResourceId: name,
            Tags: tagList(tags),
          });
          return updated.Version ?? 1;
        } catch (error) {
          throw isCode(error, 'HierarchyTypeMismatchException') ? wrongType(name, error) : error;
        }
      });
    },

    /**
     * Puts a SecureString in the place of a parameter of another type, whose type cannot be changed: it is deleted
     * first. AWS may take half a minute to let the name be used again.
     */
    async replaceWithSecret(name: string, value: Secret, description: string, tags: Tags): Promise<void> {
      await this.deleteParameter(name);
      for (let waited = 0; ; waited += REUSE_POLL_MS) {
        try {
          await this.putSecret(name, value, description, tags);
          return;
        } catch (error) {
          if (error instanceof AccessDeniedError || waited >= REUSE_PATIENCE_MS) throw error;
          await sleep(REUSE_POLL_MS);
        }
      }
    },

    async deleteParameter(name: string): Promise<void> {
      await session.call('ssm', 'ssm:DeleteParameter', (client) =>
        unlessAbsent(client.deleteParameter({ Name: name }), ...ABSENT),
      );
    },

    async tag(name: string, tags: Tags): Promise<void> {
      await session.call('ssm', 'ssm:AddTagsToResource', (client) =>
        client.addTagsToResource({ ResourceType: 'Parameter', ResourceId: name, Tags: tagList(tags) }),
      );
    },
  };
}

function wrongType(name: string, cause: unknown): CachaoError {
  return new CachaoError({
    code: 'PARAMETER_NOT_SECURE',
    message: `The SSM parameter ${name} exists and is not a SecureString.`,
    why: "A parameter's type cannot be changed.",
    next: [
      `Delete it with \`aws ssm delete-parameter --name ${name}\`, wait half a minute, and run the command again.`,
    ],
    cause,
  });
}
