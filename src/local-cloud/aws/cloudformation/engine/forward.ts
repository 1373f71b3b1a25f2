import { resourceStatus } from '../state/events.js';
import { dependencyGraph } from '../template/order.js';
import { needOf, sameValue } from './differences.js';
import { createResource, type Desired, fail, keepResource, updateResource } from './provision.js';
import { resolveProperties } from './resolve-properties.js';
import type { Run } from './run.js';
import { runGraph } from './run-graph.js';
import { type View, viewOf } from './stack-scope.js';

/**
 * Brings every resource of the stack's configuration about, in dependency order. What already is as it should be is
 * left alone, so that running it again after a kill does only what is missing. Returns the ids that failed.
 */
export async function bringAbout(run: Run): Promise<string[]> {
  const view = viewOf(run.state, run.stack, run.configuration);
  const graph = dependencyGraph(view.template, view.enabled);
  const outcome = await runGraph(
    graph,
    (logicalId) => bringOne(run, view, logicalId, graph.get(logicalId) ?? []),
    {
      stopOnFailure: true,
      onFailure: () => {
        run.winding = true;
      },
    },
  );
  run.winding = false;
  return outcome.failed;
}

async function bringOne(run: Run, view: View, logicalId: string, dependencies: string[]): Promise<boolean> {
  if (run.stopping) return run.operation.cancelled === undefined;
  const { state } = run;
  const declaration = view.template.resources[logicalId] as Desired['declaration'];
  const type = state.cloud.resourceType(declaration.type) as Desired['type'];
  const tags = run.configuration.tags;
  let desired: Desired;
  try {
    const properties = await resolveProperties(state, run.stack, view, logicalId, run.principal);
    desired = { declaration, type, properties, dependencies, tags };
  } catch (error) {
    return refuse(run, logicalId, declaration.type, (error as Error).message);
  }
  const resource = state.resource(run.stackId, logicalId);
  const before = resource?.state && {
    properties: state.propertiesOf(resource.state),
    tags: resource.state.tags,
  };
  if (
    before &&
    resource.attempted !== undefined &&
    !sameValue(state.open(resource.attempted), before.properties)
  )
    return updateResource(run, logicalId, desired);
  switch (needOf(type, before, desired)) {
    case 'keep':
      keepResource(run, logicalId, desired);
      return true;
    case 'update':
      return updateResource(run, logicalId, desired);
    default:
      return createResource(run, logicalId, desired);
  }
}

/** A resource whose properties cannot even be resolved fails without having been tried. */
function refuse(run: Run, logicalId: string, type: string, reason: string): false {
  const known = run.state.resource(run.stackId, logicalId);
  const verb = known?.state ? 'UPDATE' : 'CREATE';
  const base = known ?? { stackId: run.stackId, logicalId, type, status: '', physicalId: '', timestamp: 0 };
  return fail(run, resourceStatus(run.state, base, `${verb}_IN_PROGRESS`), `${verb}_FAILED`, reason);
}
