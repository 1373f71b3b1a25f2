/** A REST API, under its id. */
export interface RestApiRecord {
  id: string;
  region: string;
  name: string;
  description?: string;
  rootResourceId: string;
  binaryMediaTypes: string[];
  endpointTypes: string[];
  disableExecuteApiEndpoint: boolean;
  minimumCompressionSize?: number;
  tags: Record<string, string>;
  /** Milliseconds. */
  createdDate: number;
}

/** One path of an API, under `<api>/<id>`. */
export interface ResourceRecord {
  apiId: string;
  id: string;
  parentId?: string;
  pathPart?: string;
  path: string;
  methods: Record<string, MethodRecord>;
}

/** In the API's own JSON shape. */
export interface MethodRecord {
  httpMethod: string;
  authorizationType: string;
  apiKeyRequired: boolean;
  operationName?: string;
  requestParameters?: Record<string, boolean>;
  methodResponses?: Record<string, object>;
  methodIntegration?: IntegrationRecord;
}

export interface IntegrationRecord {
  type: 'AWS_PROXY' | 'MOCK';
  /** How the backend is called: always POST for Lambda. */
  httpMethod?: string;
  uri?: string;
  passthroughBehavior: string;
  contentHandling?: string;
  requestTemplates?: Record<string, string>;
  timeoutInMillis: number;
  cacheNamespace: string;
  cacheKeyParameters: string[];
  integrationResponses?: Record<string, IntegrationResponseRecord>;
}

export interface IntegrationResponseRecord {
  statusCode: string;
  selectionPattern?: string;
  responseParameters?: Record<string, string>;
  responseTemplates?: Record<string, string>;
}

/** An immutable snapshot of an API, under `<api>/<id>`: what stages serve. */
export interface DeploymentRecord {
  apiId: string;
  id: string;
  description?: string;
  createdDate: number;
  resources: { id: string; path: string; methods: Record<string, MethodRecord> }[];
  binaryMediaTypes: string[];
}

/** Under `<api>/<name>`. */
export interface StageRecord {
  apiId: string;
  stageName: string;
  deploymentId: string;
  description?: string;
  variables: Record<string, string>;
  /** By `<encoded path>/<METHOD>`; everything is `*` with `/` and `*`. */
  methodSettings: Record<string, MethodSettings>;
  accessLogSettings?: { destinationArn?: string; format?: string };
  tracingEnabled: boolean;
  tags: Record<string, string>;
  createdDate: number;
  lastUpdatedDate: number;
}

export interface MethodSettings {
  metricsEnabled: boolean;
  loggingLevel: string;
  dataTraceEnabled: boolean;
  /** Requests a second, and the most at once. */
  throttlingRateLimit: number;
  throttlingBurstLimit: number;
  cachingEnabled: boolean;
  cacheTtlInSeconds: number;
  cacheDataEncrypted: boolean;
  requireAuthorizationForCacheControl: boolean;
  unauthorizedCacheControlHeaderStrategy: string;
}

/** Of a region. */
export interface AccountRecord {
  cloudwatchRoleArn?: string;
}

/** The account's own limits: requests a second, and the most at once (AWS's default quota). */
export const ACCOUNT_THROTTLE = { rateLimit: 10_000, burstLimit: 5000 };

export const DEFAULT_METHOD_SETTINGS: MethodSettings = {
  metricsEnabled: false,
  loggingLevel: 'OFF',
  dataTraceEnabled: false,
  throttlingRateLimit: ACCOUNT_THROTTLE.rateLimit,
  throttlingBurstLimit: ACCOUNT_THROTTLE.burstLimit,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
};
