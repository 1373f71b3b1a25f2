import type { ServiceFactory } from '../../kernel/service.js';
import { accountRoute } from './account-route.js';
import { AsyncQueue } from './asynchronous/queue.js';
import {
  deleteFunctionConcurrency,
  getAccountSettings,
  getFunctionConcurrency,
  putFunctionConcurrency,
} from './concurrency.js';
import { createFunction } from './create-function.js';
import { deleteFunction } from './delete-function.js';
import {
  deleteEventInvokeConfig,
  getEventInvokeConfig,
  listEventInvokeConfigs,
  writeEventInvokeConfig,
} from './event-invoke-config.js';
import { Mappings } from './event-source-mappings/mappings.js';
import {
  createMapping,
  deleteMapping,
  getMapping,
  listMappings,
  updateMapping,
} from './event-source-mappings/operations.js';
import { invoke } from './invoke.js';
import { Invoker } from './invoker.js';
import { addPermission, getPolicy, removePermission } from './policy.js';
import { lambdaPort } from './port.js';
import { getFunction, getFunctionConfiguration, listFunctions } from './read-functions.js';
import { resourceTypes } from './resource-types/index.js';
import { ROUTES } from './routes.js';
import { Runner } from './runtime/runner.js';
import { LambdaState } from './state.js';
import { listTags, tagResource, untagResource } from './tags.js';
import { updateFunctionCode, updateFunctionConfiguration } from './update-function.js';

/** AWS Lambda: runs the real zips, in processes of their own. */
export const lambdaService: ServiceFactory = (cloud) => {
  const state = new LambdaState(cloud);
  const runner = new Runner(state);
  const invoker = new Invoker(state, runner);
  const queue: AsyncQueue = new AsyncQueue(state, invoker, runner, (request) => port.invokeAsync(request));
  const port = lambdaPort(cloud, state, invoker, queue);
  const mappings = new Mappings(state, invoker);
  cloud.provide('lambda', port);
  accountRoute(cloud);
  state.onSettled((record) => runner.retire(record.arn));
  return {
    name: 'lambda',
    protocol: 'rest-json',
    routes: ROUTES,
    operations: {
      CreateFunction: createFunction(state),
      GetFunction: getFunction(state),
      GetFunctionConfiguration: getFunctionConfiguration(state),
      ListFunctions: listFunctions(state),
      UpdateFunctionCode: updateFunctionCode(state),
      UpdateFunctionConfiguration: updateFunctionConfiguration(state),
      DeleteFunction: deleteFunction(state, runner),
      Invoke: invoke(state, invoker, queue),
      AddPermission: addPermission(state),
      RemovePermission: removePermission(state),
      GetPolicy: getPolicy(state),
      PutFunctionConcurrency: putFunctionConcurrency(state),
      GetFunctionConcurrency: getFunctionConcurrency(state),
      DeleteFunctionConcurrency: deleteFunctionConcurrency(state),
      GetAccountSettings: getAccountSettings(state),
      PutFunctionEventInvokeConfig: writeEventInvokeConfig(state, 'put'),
      UpdateFunctionEventInvokeConfig: writeEventInvokeConfig(state, 'update'),
      GetFunctionEventInvokeConfig: getEventInvokeConfig(state),
      ListFunctionEventInvokeConfigs: listEventInvokeConfigs(state),
      DeleteFunctionEventInvokeConfig: deleteEventInvokeConfig(state),
      ListTags: listTags(state),
      TagResource: tagResource(state),
      UntagResource: untagResource(state),
      CreateEventSourceMapping: createMapping(state, mappings),
      GetEventSourceMapping: getMapping(mappings),
      ListEventSourceMappings: listMappings(mappings),
      UpdateEventSourceMapping: updateMapping(state, mappings),
      DeleteEventSourceMapping: deleteMapping(mappings),
    },
    resourceTypes: resourceTypes(cloud),
    start: () => {
      state.start();
      queue.start();
      mappings.start();
    },
    stop: () => {
      queue.stop();
      mappings.stop();
      runner.stop();
    },
  };
};
