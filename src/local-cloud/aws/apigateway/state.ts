import { randomBytes } from 'node:crypto';
import type { LocalCloud } from '../../kernel/cloud.js';
import type { Table } from '../../kernel/store.js';
import { unknownApi, unknownIdentifier } from './errors.js';
import type {
  AccountRecord,
  DeploymentRecord,
  MethodRecord,
  ResourceRecord,
  RestApiRecord,
  StageRecord,
} from './records.js';

/** What API Gateway remembers. Finders throw `NotFoundException`. */
export class ApiGatewayState {
  readonly apis: Table<RestApiRecord>;
  readonly resources: Table<ResourceRecord>;
  readonly deployments: Table<DeploymentRecord>;
  readonly stages: Table<StageRecord>;
  readonly accounts: Table<AccountRecord>;

  constructor(readonly cloud: LocalCloud) {
    this.apis = cloud.store.table('apigateway.restApis');
    this.resources = cloud.store.table('apigateway.resources');
    this.deployments = cloud.store.table('apigateway.deployments');
    this.stages = cloud.store.table('apigateway.stages');
    this.accounts = cloud.store.table('apigateway.accounts');
  }

  api(id: string, region: string): RestApiRecord {
    const api = this.apis.get(id);
    if (!api || api.region !== region) throw unknownApi(id);
    return api;
  }

  resource(apiId: string, id: string): ResourceRecord {
    const resource = this.resources.get(`${apiId}/${id}`);
    if (!resource) throw unknownIdentifier('Resource');
    return resource;
  }

  method(
    apiId: string,
    resourceId: string,
    httpMethod: string,
  ): { resource: ResourceRecord; method: MethodRecord } {
    const resource = this.resource(apiId, resourceId);
    const method = resource.methods[httpMethod];
    if (!method) throw unknownIdentifier('Method');
    return { resource, method };
  }

  deployment(apiId: string, id: string): DeploymentRecord {
    const deployment = this.deployments.get(`${apiId}/${id}`);
    if (!deployment) throw unknownIdentifier('Deployment');
    return deployment;
  }

  stage(apiId: string, name: string): StageRecord {
    const stage = this.stages.get(`${apiId}/${name}`);
    if (!stage) throw unknownIdentifier('Stage');
    return stage;
  }

  resourcesOf(apiId: string): ResourceRecord[] {
    return this.resources
      .values()
      .filter((resource) => resource.apiId === apiId)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  stagesOf(apiId: string): StageRecord[] {
    return this.stages.values().filter((stage) => stage.apiId === apiId);
  }

  deploymentsOf(apiId: string): DeploymentRecord[] {
    return this.deployments.values().filter((deployment) => deployment.apiId === apiId);
  }

  saveResource(resource: ResourceRecord): ResourceRecord {
    return this.resources.set(`${resource.apiId}/${resource.id}`, resource);
  }

  saveStage(stage: StageRecord): StageRecord {
    return this.stages.set(`${stage.apiId}/${stage.stageName}`, {
      ...stage,
      lastUpdatedDate: this.cloud.clock.now(),
    });
  }
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** An id as API Gateway makes them: ten for an API, six for a resource or deployment. */
export function newId(length: number): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
