import type { LocalCloud } from '../../../kernel/cloud.js';
import type { Table } from '../../../kernel/store.js';
import { stackDoesNotExist } from '../errors.js';
import type { Template } from '../template/model.js';
import { readTemplate } from '../template/structure.js';
import type {
  ChangeSet,
  Configuration,
  DriftDetection,
  PhysicalState,
  Stack,
  StackEvent,
  StackOperation,
  StackResource,
} from './records.js';

const KEPT_AFTER_DELETION_MS = 90 * 24 * 60 * 60 * 1000;

/** CloudFormation's own records, and the few ways they are found. */
export class State {
  readonly stacks: Table<Stack>;
  readonly resources: Table<StackResource>;
  readonly events: Table<StackEvent>;
  readonly operations: Table<StackOperation>;
  readonly changeSets: Table<ChangeSet>;
  readonly detections: Table<DriftDetection>;
  private readonly templates = new Map<string, Template>();

  constructor(readonly cloud: LocalCloud) {
    this.stacks = cloud.store.table('cloudformation.stacks');
    this.resources = cloud.store.table('cloudformation.resources');
    this.events = cloud.store.table('cloudformation.events');
    this.operations = cloud.store.table('cloudformation.operations');
    this.changeSets = cloud.store.table('cloudformation.changeSets');
    this.detections = cloud.store.table('cloudformation.driftDetections');
  }

  /** The stack of a name that is not deleted, or of an ARN whether deleted or not. */
  findStack(region: string, nameOrId: string): Stack | undefined {
    if (nameOrId.startsWith('arn:')) return this.stacks.get(nameOrId);
    return this.stacks
      .values()
      .find(
        (stack) => stack.region === region && stack.name === nameOrId && stack.status !== 'DELETE_COMPLETE',
      );
  }

  /** Throws `ValidationError` "Stack with id x does not exist". */
  stack(region: string, nameOrId: string): Stack {
    const stack = this.findStack(region, nameOrId);
    if (!stack) throw stackDoesNotExist(nameOrId);
    return stack;
  }

  current(stackId: string): Stack {
    return this.stacks.get(stackId) as Stack;
  }

  change(stackId: string, fields: Partial<Stack>): Stack {
    return this.stacks.set(stackId, { ...this.current(stackId), ...fields });
  }

  resourcesOf(stackId: string): StackResource[] {
    return this.resources.values().filter((resource) => resource.stackId === stackId);
  }

  resource(stackId: string, logicalId: string): StackResource | undefined {
    return this.resources.get(`${stackId}|${logicalId}`);
  }

  putResource(resource: StackResource): StackResource {
    return this.resources.set(`${resource.stackId}|${resource.logicalId}`, resource);
  }

  removeResource(resource: StackResource): void {
    this.resources.delete(`${resource.stackId}|${resource.logicalId}`);
  }

  /** Oldest first, which is the order they were written in. */
  eventsOf(stackId: string): StackEvent[] {
    return this.events.values().filter((event) => event.stackId === stackId);
  }

  templateText(configuration: Configuration): string {
    return this.cloud.store.blob(configuration.template)?.toString('utf8') ?? '';
  }

  template(configuration: Configuration): Template {
    let template = this.templates.get(configuration.template);
    if (!template) {
      template = readTemplate(this.templateText(configuration));
      this.templates.set(configuration.template, template);
    }
    return template;
  }

  parameterTexts(configuration: Configuration): Record<string, string> {
    return this.open(configuration.parameters) as Record<string, string>;
  }

  propertiesOf(state: PhysicalState): Record<string, unknown> {
    return this.open(state.properties) as Record<string, unknown>;
  }

  seal(value: unknown): string {
    return this.cloud.store.seal(JSON.stringify(value));
  }

  open(sealed: string): unknown {
    return JSON.parse(this.cloud.store.unseal(sealed));
  }

  /** What AWS keeps of a deleted stack it keeps for 90 days. */
  forgetOldStacks(): void {
    const before = this.cloud.clock.now() - KEPT_AFTER_DELETION_MS;
    for (const stack of this.stacks.values()) {
      if (stack.deleted === undefined || stack.deleted > before) continue;
      for (const table of [this.events, this.resources, this.detections])
        for (const [key, record] of table.entries()) if (record.stackId === stack.id) table.delete(key);
      this.stacks.delete(stack.id);
    }
  }

  /** Every export of a region: name, value, and the stack it belongs to. */
  exports(region: string): { name: string; value: string; stackId: string }[] {
    return this.stacks
      .values()
      .filter((stack) => stack.region === region && stack.status !== 'DELETE_COMPLETE')
      .flatMap((stack) =>
        stack.outputs.flatMap(({ exportName, value }) =>
          exportName === undefined ? [] : [{ name: exportName, value, stackId: stack.id }],
        ),
      );
  }
}
