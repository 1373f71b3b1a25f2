import { databaseParameterName, webhookSecretParameterName } from '../../handlers/contract/environment.js';
import { isTaggedOurs } from '../world/ownership.js';
import type { Kept, Removal } from './removal.js';

const RESOURCE = 'SSM SecureString';

/** The two parameters of the stage. */
export const secrets: Removal = {
  undoes: ['secret.database', 'secret.webhook'],
  async find(world) {
    const { stage } = world.settings;
    const names = [webhookSecretParameterName(stage), databaseParameterName(stage)];
    const tagged = await Promise.all(names.map(async (name) => ({ name, tags: await world.ssm.tags(name) })));
    const present = tagged.filter(({ tags }) => tags !== undefined);
    const isOurs = ({ tags }: (typeof present)[number]) => isTaggedOurs(tags, world.settings);
    return {
      remove: present.filter(isOurs).map(({ name }) => ({
        check: name === databaseParameterName(stage) ? 'secret.database' : 'secret.webhook',
        action: 'delete',
        resource: RESOURCE,
        name,
        details: [],
      })),
      keep: present
        .filter((one) => !isOurs(one))
        .map(
          ({ name }): Kept => ({
            resource: RESOURCE,
            name,
            reason: 'foreign',
            why: 'it does not bear the tags of this stage',
          }),
        ),
    };
  },
  async remove(bench, changes) {
    for (const { name } of changes) await bench.ssm.deleteParameter(name);
  },
};
