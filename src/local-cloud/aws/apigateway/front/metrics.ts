import type { LocalCloud } from '../../../kernel/cloud.js';
import { settingsFor } from '../method-settings.js';
import type { RestApiRecord, StageRecord } from '../records.js';
import type { RouteMatch } from './routing.js';

export interface Served {
  api: RestApiRecord;
  stage: StageRecord;
  route: RouteMatch | undefined;
  method: string;
  status: number;
  /** Real milliseconds. */
  latency: number;
  integrationLatency: number | undefined;
}

/** AWS/ApiGateway by API and by stage; by method too where the stage's settings enable detailed metrics. */
export function countRequest(cloud: LocalCloud, served: Served): void {
  const { api, stage, route, method, status } = served;
  const byApi = { ApiName: api.name };
  const byStage = { ...byApi, Stage: stage.stageName };
  const dimensions: Record<string, string>[] = [byApi, byStage];
  if (route && settingsFor(stage, route.resourcePath, method).metricsEnabled)
    dimensions.push({ ...byStage, Method: method, Resource: route.resourcePath });
  const metrics = cloud.port('metrics');
  for (const one of dimensions) {
    const put = (name: string, value: number, unit: string) =>
      metrics.put(api.region, 'AWS/ApiGateway', name, value, one, unit);
    put('Count', 1, 'Count');
    put('4XXError', status >= 400 && status < 500 ? 1 : 0, 'Count');
    put('5XXError', status >= 500 ? 1 : 0, 'Count');
    put('Latency', served.latency, 'Milliseconds');
    if (served.integrationLatency !== undefined)
      put('IntegrationLatency', served.integrationLatency, 'Milliseconds');
  }
}
