import type { ServiceFactory } from '../../kernel/service.js';
import { prepareLater } from './change-sets/prepare.js';
import { detectLater } from './engine/drift.js';
import { Engine } from './engine/engine.js';
import { operationsOf } from './operations-table.js';
import { State } from './state/state.js';
import { waitConditionHandle } from './wait-condition-handle.js';

/** CloudFormation: change sets, stacks and their rollback, events and drift, over the resource types of all services. */
export const cloudformationService: ServiceFactory = (cloud) => {
  const state = new State(cloud);
  const engine = new Engine(state);
  return {
    name: 'cloudformation',
    protocol: 'query',
    apiVersion: '2010-05-15',
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    operations: operationsOf(state, engine),
    resourceTypes: { 'AWS::CloudFormation::WaitConditionHandle': waitConditionHandle },
    start: () => {
      state.forgetOldStacks();
      for (const changeSet of state.changeSets.values())
        if (/^CREATE_(PENDING|IN_PROGRESS)$/.test(changeSet.status)) prepareLater(state, changeSet.id);
      for (const detection of state.detections.values())
        if (detection.status === 'DETECTION_IN_PROGRESS') detectLater(state, detection.id);
      engine.resume();
    },
    stop: () => engine.stop(),
  };
};
