import { CannotLookError } from '../core/errors.js';
import { artifactBucketName, BUCKET_TAGS } from '../stack/artifact-bucket.js';
import { CODE_PARAMETERS } from '../stack/artifacts.js';
import type { World } from '../world/world.js';
import { nothing, type Removal } from './removal.js';

const RESOURCE = 'artifact bucket';
const CODE = 'handlers/';

/** The bucket with the functions' code. It serves every stage of the account and region: the last one takes it away. */
export const artifacts: Removal = {
  undoes: [],
  async find(world) {
    const { account } = await world.sts.callerIdentity();
    const name = artifactBucketName(account, world.settings.region);
    const whose = await world.s3.bucketOwner(name, account);
    if (whose === 'absent') return nothing;
    if (whose === 'another account') throw notLookedAt(name);
    const bucket = await world.s3.bucket(name);
    const kept = (reason: 'shared' | 'foreign', why: string) => ({
      remove: [],
      keep: [{ resource: RESOURCE, name, reason, why }],
    });
    // A run that was cut short may have left it without tags.
    const owner = bucket?.tags.ManagedBy ?? BUCKET_TAGS.ManagedBy;
    if (owner !== BUCKET_TAGS.ManagedBy) return kept('foreign', `its tags say that ${owner} manages it`);
    const others = await otherStages(world);
    if (others.length > 0) return kept('shared', `other stages use it: ${others.join(', ')}`);
    const strangers = (await world.s3.objectKeys(name)).filter((key) => !isCode(key));
    if (strangers.length > 0) return kept('shared', `it also holds ${strangers.slice(0, 3).join(', ')}`);
    return {
      remove: [
        {
          check: 'stack.current',
          action: 'delete',
          resource: RESOURCE,
          name,
          details: ["with every version of the functions' code in it"],
        },
      ],
      keep: [],
    };
  },
  async remove(bench, changes, progress) {
    for (const { name } of changes) {
      const count = await bench.s3.deleteVersions(name, CODE);
      progress.note(`deleted ${count} object${count === 1 ? '' : 's'}`);
      await bench.s3.deleteBucket(name);
    }
  },
};

/** Stacks of other stages, in whatever state: each may take its code from the bucket. */
async function otherStages({ cloudformation, settings }: World): Promise<string[]> {
  const stacks = await cloudformation.listStacks();
  return stacks
    .filter(({ name, tags }) => name !== settings.stack.name && tags.ManagedBy === 'cachao')
    .map(({ name, tags }) => tags['cachao:stage'] ?? name);
}

/** The name holds our account's number: somebody else's bucket is far less likely than a missing permission. */
function notLookedAt(bucket: string): CannotLookError {
  return new CannotLookError({
    code: 'AWS_PERMISSION_MISSING',
    message: `The bucket ${bucket} exists and could not be read: s3:ListBucket is not allowed, or the bucket is another account's.`,
    next: [
      'Have a policy attached that allows it (cachao policy --for destroy), then run the command again.',
    ],
  });
}

function isCode(key: string): boolean {
  return Object.keys(CODE_PARAMETERS).some((name) => key.startsWith(`${CODE}${name}/`));
}
