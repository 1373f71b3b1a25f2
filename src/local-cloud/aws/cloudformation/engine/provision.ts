import type { Properties, ResourceType } from '../../../kernel/resource-type.js';
import { validationError } from '../errors.js';
import { resourceStatus } from '../state/events.js';
import type { PhysicalState, StackResource } from '../state/records.js';
import type { ResourceDeclaration } from '../template/model.js';
import { contextFor, newAttempt } from './context.js';
import { failureReason } from './failure-reason.js';
import { CREATE_MS, UPDATE_MS } from './pace.js';
import type { Run } from './run.js';

/** What a resource is to become. */
export interface Desired {
  declaration: ResourceDeclaration;
  type: ResourceType;
  properties: Properties;
  dependencies: string[];
  tags: Record<string, string>;
}

/** Makes a new physical thing behind a logical id, for the first time or in place of another. */
export async function createResource(run: Run, logicalId: string, desired: Desired): Promise<boolean> {
  const { state } = run;
  const replacing = state.resource(run.stackId, logicalId)?.state !== undefined;
  const verb = replacing ? 'UPDATE' : 'CREATE';
  const properties = state.seal(desired.properties);
  const begun = beginAttempt(run, logicalId, desired.declaration.type, 'create', () => [
    `${verb}_IN_PROGRESS`,
    replacing
      ? 'Requested update requires the creation of a new physical resource; hence creating one.'
      : undefined,
    properties,
  ]);
  await run.pause(CREATE_MS);
  if (run.stopping)
    return fail(
      run,
      begun,
      `${verb}_FAILED`,
      replacing ? 'Resource update cancelled' : 'Resource creation cancelled',
    );
  try {
    checkProperties(logicalId, desired);
    const context = contextFor(state, run.stack, begun, desired.tags, run.principal);
    const created = await desired.type.create(desired.properties, context);
    const physical: PhysicalState = { ...shape(desired), properties, ...created };
    settleCreated(run, logicalId, physical, properties, verb);
    return true;
  } catch (error) {
    return fail(
      run,
      begun,
      `${verb}_FAILED`,
      failureReason(error, begun.attempt?.requestToken ?? ''),
      properties,
    );
  }
}

function settleCreated(
  run: Run,
  logicalId: string,
  physical: PhysicalState,
  properties: string,
  verb: string,
): void {
  const { state } = run;
  const {
    attempt: _done,
    attempted: _attempted,
    drift: _drift,
    ...before
  } = state.resource(run.stackId, logicalId) as StackResource;
  const next: StackResource = { ...before, physicalId: physical.physicalId, state: physical };
  if (!before.state) next.change = 'created';
  else if (before.change === undefined) Object.assign(next, { change: 'replaced', earlier: before.state });
  else if (before.change === 'updated') Object.assign(next, { change: 'replaced' });
  // Made and replaced within one unfinished update: the one in between belongs to nobody.
  else next.leftovers = [...(before.leftovers ?? []), before.state];
  const initiated = resourceStatus(
    state,
    next,
    `${verb}_IN_PROGRESS`,
    'Resource creation Initiated',
    properties,
  );
  resourceStatus(state, initiated, `${verb}_COMPLETE`, undefined, properties);
  state.cloud.store.flush();
}

/** Changes a physical thing in place. */
export async function updateResource(run: Run, logicalId: string, desired: Desired): Promise<boolean> {
  const { state } = run;
  const properties = state.seal(desired.properties);
  const begun = beginAttempt(run, logicalId, desired.declaration.type, 'update', () => [
    'UPDATE_IN_PROGRESS',
    undefined,
    properties,
  ]);
  await run.pause(UPDATE_MS);
  if (run.stopping) return fail(run, begun, 'UPDATE_FAILED', 'Resource update cancelled');
  const current = begun.state as PhysicalState;
  const earlier = begun.change === undefined ? current : begun.earlier;
  const touched = state.putResource({
    ...(state.resource(run.stackId, logicalId) as StackResource),
    change: begun.change ?? 'updated',
    ...(earlier ? { earlier } : {}),
  });
  try {
    checkProperties(logicalId, desired);
    const context = contextFor(state, run.stack, touched, desired.tags, run.principal);
    const previous = state.propertiesOf(current);
    const updated = await desired.type.update?.(current.physicalId, desired.properties, previous, context);
    const physical: PhysicalState = { ...current, ...shape(desired), properties, ...updated };
    settleUpdated(run, logicalId, physical, properties);
    return true;
  } catch (error) {
    state.putResource({
      ...(state.resource(run.stackId, logicalId) as StackResource),
      attempted: properties,
    });
    return fail(
      run,
      begun,
      'UPDATE_FAILED',
      failureReason(error, begun.attempt?.requestToken ?? ''),
      properties,
    );
  }
}

function settleUpdated(run: Run, logicalId: string, physical: PhysicalState, properties: string): void {
  const {
    attempt: _done,
    attempted: _attempted,
    drift: _drift,
    ...before
  } = run.state.resource(run.stackId, logicalId) as StackResource;
  resourceStatus(
    run.state,
    { ...before, state: physical, physicalId: physical.physicalId },
    'UPDATE_COMPLETE',
    undefined,
    properties,
  );
  run.state.cloud.store.flush();
}

/** Takes over what changes no physical thing: policies, metadata, dependencies. */
export function keepResource(run: Run, logicalId: string, desired: Desired): void {
  const resource = run.state.resource(run.stackId, logicalId);
  if (!resource?.state) return;
  const state = { ...resource.state, ...shape(desired) };
  if (JSON.stringify(state) === JSON.stringify(resource.state)) return;
  const touched = resource.change ? {} : { change: 'updated' as const, earlier: resource.state };
  run.state.putResource({ ...resource, ...touched, state });
}

/** What a physical state takes from the template rather than from the service. */
function shape(desired: Desired): Pick<
  PhysicalState,
  'type' | 'tags' | 'deletionPolicy' | 'updateReplacePolicy' | 'dependencies'
> & {
  metadata?: string;
} {
  const { declaration } = desired;
  return {
    type: declaration.type,
    tags: desired.tags,
    deletionPolicy: declaration.deletionPolicy,
    updateReplacePolicy: declaration.updateReplacePolicy,
    dependencies: desired.dependencies,
    ...(declaration.metadata ? { metadata: JSON.stringify(declaration.metadata) } : {}),
  };
}

/** The record with an attempt in it; a new attempt is told of, one that a killed process left is taken up silently. */
export function beginAttempt(
  run: Run,
  logicalId: string,
  type: string,
  kind: 'create' | 'update',
  event: () => [string, string | undefined, string | undefined],
): StackResource {
  const { state } = run;
  const known = state.resource(run.stackId, logicalId);
  if (known?.attempt?.kind === kind) return known;
  const [status, reason, properties] = event();
  const base: StackResource = known ?? {
    stackId: run.stackId,
    logicalId,
    type,
    status,
    physicalId: '',
    timestamp: 0,
  };
  return resourceStatus(state, { ...base, type, attempt: newAttempt(kind) }, status, reason, properties);
}

export function fail(
  run: Run,
  resource: StackResource,
  status: string,
  reason: string,
  properties?: string,
): false {
  const { attempt: _over, ...current } = run.state.resource(run.stackId, resource.logicalId) as StackResource;
  resourceStatus(run.state, current, status, reason, properties);
  run.state.cloud.store.flush();
  return false;
}

/** What the resource handler's schema would refuse, for stacks whose validation was switched off. */
function checkProperties(logicalId: string, desired: Desired): void {
  const unknown = Object.keys(desired.properties).filter((name) => !desired.type.properties.includes(name));
  if (unknown.length > 0)
    throw validationError(
      `Properties validation failed for resource ${logicalId} with message:\n${unknown.map((name) => `#: extraneous key [${name}] is not permitted`).join('\n')}`,
    );
  const missing = (desired.type.required ?? []).filter((name) => desired.properties[name] === undefined);
  if (missing.length > 0)
    throw validationError(
      `Properties validation failed for resource ${logicalId} with message:\n${missing.map((name) => `#: required key [${name}] not found`).join('\n')}`,
    );
}
