import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { cloudformationService } from '../../../src/local-cloud/aws/cloudformation/index.js';
import { iamService } from '../../../src/local-cloud/aws/iam/index.js';
import { answerAws } from '../../../src/local-cloud/kernel/aws-listener.js';
import { Clock } from '../../../src/local-cloud/kernel/clock.js';
import { LocalCloud } from '../../../src/local-cloud/kernel/cloud.js';
import { listen } from '../../../src/local-cloud/kernel/http.js';
import type { ResourceContext, ResourceType } from '../../../src/local-cloud/kernel/resource-type.js';
import { AwsError, type ServiceFactory } from '../../../src/local-cloud/kernel/service.js';
import { Store } from '../../../src/local-cloud/kernel/store.js';
import { clientConfiguration } from '../../support/local-cloud.js';

export interface Thing {
  name: string;
  properties: Record<string, unknown>;
  tags: Record<string, string>;
}

/** A service of named things, whose resource types fail on demand. `Fail` makes create and update fail. */
const thingsService: ServiceFactory = (cloud) => {
  const things = cloud.store.table<Thing>('things.things');
  const put = (input: Thing & { mode: 'create' | 'update' }) => {
    if (input.properties.Fail === 'yes')
      throw new AwsError('InvalidParameter', `Thing ${input.name} was told to fail.`);
    if (input.mode === 'create' && things.has(input.name))
      throw new AwsError('ResourceAlreadyExistsException', `Thing ${input.name} already exists.`);
    things.set(input.name, { name: input.name, properties: input.properties, tags: input.tags });
    return { name: input.name };
  };
  return {
    name: 'things',
    protocol: 'json',
    jsonVersion: '1.1',
    targetPrefix: 'Things',
    operations: {
      PutThing: { handle: put },
      DeleteThing: {
        handle: ({ name }: { name: string }) => {
          const thing = things.get(name);
          if (!thing) throw new AwsError('ResourceNotFoundException', `Thing ${name} is not there.`);
          if (thing.properties.Stuck === 'yes') throw new AwsError('InvalidState', `Thing ${name} is stuck.`);
          things.delete(name);
          return {};
        },
      },
    },
    resourceTypes: { 'Test::Things::Thing': thingType(cloud) },
  };
};

function thingType(cloud: LocalCloud): ResourceType {
  const result = (name: string, properties: Record<string, unknown>) => ({
    physicalId: name,
    attributes: { Arn: `arn:things:${name}`, Label: String(properties.Label ?? '') },
  });
  return {
    properties: ['Name', 'Label', 'Fail', 'Stuck', 'Needs', 'Tags', 'Number'],
    createOnly: ['Name'],
    create: async (properties, context: ResourceContext) => {
      const name = typeof properties.Name === 'string' ? properties.Name : context.generatedName(64);
      await context.call('things', 'PutThing', { name, properties, tags: context.tags, mode: 'create' });
      return result(name, properties);
    },
    update: async (physicalId, next, _previous, context) => {
      await context.call('things', 'PutThing', {
        name: physicalId,
        properties: next,
        tags: context.tags,
        mode: 'update',
      });
      return result(physicalId, next);
    },
    delete: async (physicalId, _properties, context) => {
      await context.call('things', 'DeleteThing', { name: physicalId });
    },
    read: async (physicalId) => cloud.store.table<Thing>('things.things').get(physicalId)?.properties,
  };
}

export interface ThingsCloud {
  cloud: LocalCloud;
  client: CloudFormationClient;
  things(): Thing[];
  thing(name: string): Thing | undefined;
  close(): Promise<void>;
}

/** A local cloud with CloudFormation and things only. */
export async function startThingsCloud(
  options: { directory?: string; speed?: number; mode?: 'manual' } = {},
): Promise<ThingsCloud> {
  const cloud = new LocalCloud(
    new Store(options.directory),
    new Clock(options.mode ?? 'hasten', options.speed ?? 600),
  );
  cloud.add([iamService, thingsService, cloudformationService]);
  cloud.start();
  const listener = await listen({ answer: (request) => answerAws(cloud, request) }, 0);
  const table = cloud.store.table<Thing>('things.things');
  return {
    cloud,
    client: new CloudFormationClient(clientConfiguration(listener.url)),
    things: () => table.values(),
    thing: (name) => table.get(name),
    close: async () => {
      await listener.close();
      await cloud.stop();
    },
  };
}
