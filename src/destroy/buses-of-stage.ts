import { SOURCE_PREFIX } from '../../handlers/contract/envelope.js';
import type { Archive, EventBus } from '../aws/eventbridge.js';
import { isTaggedOurs } from '../world/ownership.js';
import type { World } from '../world/world.js';

/** A partner event bus, and what stands on it. */
export interface BusOfStage {
  bus: EventBus;
  /** Made by this stage; else somebody associated the source by hand. */
  ours: boolean;
  /** Archives that stacks of ours made. */
  archives: Archive[];
  /** What others put there, as one says it: `rule orders`. Rules of our stack and of archives are not among it. */
  foreign: string[];
}

/** The partner event buses for Stripe in this region, whoever made them. */
export async function busesOfStage(world: World): Promise<BusOfStage[]> {
  return world.once('destroy: buses', async () => {
    const buses = await world.eventbridge.listEventBuses(SOURCE_PREFIX);
    const ownRules = await rulesOfStack(world);
    return Promise.all(buses.map((bus) => busOfStage(world, bus, ownRules)));
  });
}

async function busOfStage(world: World, bus: EventBus, ownRules: ReadonlySet<string>): Promise<BusOfStage> {
  const [tags, rules, archives] = await Promise.all([
    world.eventbridge.listTags(bus.arn),
    world.eventbridge.listRules(bus.name),
    world.eventbridge.listArchives(bus.arn),
  ]);
  const isOurArchive = ({ name }: Archive) => name.startsWith(`${world.settings.stack.name}-`);
  return {
    bus,
    ours: isTaggedOurs(tags, world.settings),
    archives: archives.filter(isOurArchive),
    foreign: [
      // Archives bring rules of their own, which go with them.
      ...rules
        .filter(({ name, managedBy }) => managedBy === null && !ownRules.has(`${bus.name}|${name}`))
        .map(({ name }) => `rule ${name}`),
      ...archives.filter((archive) => !isOurArchive(archive)).map(({ name }) => `archive ${name}`),
    ],
  };
}

/** `bus|rule` of each rule in our stack. */
async function rulesOfStack(world: World): Promise<ReadonlySet<string>> {
  const { name, managed } = world.settings.stack;
  if (!managed) return new Set();
  const resources = await world.cloudformation.resources(name);
  return new Set(
    resources.filter(({ type }) => type === 'AWS::Events::Rule').map(({ physicalId }) => physicalId ?? ''),
  );
}
