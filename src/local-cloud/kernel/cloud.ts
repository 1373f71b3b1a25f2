import { randomBytes, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { authorize } from './access-denied.js';
import { Clock } from './clock.js';
import { Faults } from './faults.js';
import type { HttpHandler } from './http.js';
import type { Ports } from './ports.js';
import type { ResourceType } from './resource-type.js';
import { AwsError, type AwsService, type Call, type Principal, type ServiceFactory } from './service.js';
import type { Store } from './store.js';

/** The one account of the local cloud. */
export const ACCOUNT = '123456789012';
/** The keys a person or program uses, unless the cloud has its own; they stand for `OPERATOR`. */
export const OPERATOR_KEY = {
  accessKeyId: 'AKIACACHAOLOCAL00000',
  secretAccessKey: 'local-cloud-operator-secret',
};
export const OPERATOR: Principal = { kind: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/operator` };
/** Regions that answer; any other refuses as an unknown host would. */
export const REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'eu-west-1',
  'eu-west-2',
  'eu-central-1',
  'eu-north-1',
  'ap-southeast-2',
];

/** One line of what flows, for `cachao local`'s live log. Ids only, never bodies. */
export interface Happening {
  time: number;
  source: string;
  text: string;
}

/** One handler for each method; what changes anything is none of GET's. */
export type AdminHandlers = { [method in 'GET' | 'PUT' | 'POST' | 'DELETE']?: HttpHandler };

/** The whole embedded cloud: its state, time, faults and services. Knows no HTTP. */
export class LocalCloud {
  readonly services = new Map<string, AwsService>();
  readonly happenings = new EventEmitter();
  readonly faults = new Faults();
  operatorKey = OPERATOR_KEY;
  /** Admin handlers by their path below `/_cachao/`. */
  readonly adminRoutes = new Map<string, AdminHandlers>();
  /** What the caller of an admin route must know; each run has its own. */
  readonly adminToken = randomBytes(24).toString('base64url');
  private readonly ports: Partial<Ports> = {};

  constructor(
    readonly store: Store,
    readonly clock: Clock = new Clock(),
    /** Where the listeners are reached, for functions and URLs; set once they listen. */
    readonly addresses: { aws: string; stripe: string; database: string } = {
      aws: '',
      stripe: '',
      database: '',
    },
  ) {}

  add(factories: ServiceFactory[]): this {
    for (const factory of factories) {
      const service = factory(this);
      this.services.set(service.name, service);
    }
    return this;
  }

  start(): void {
    for (const service of this.services.values()) service.start?.();
  }

  async stop(): Promise<void> {
    this.clock.stop();
    for (const service of this.services.values()) await service.stop?.();
    this.store.close();
  }

  provide<K extends keyof Ports>(name: K, port: Ports[K]): void {
    this.ports[name] = port;
  }

  port<K extends keyof Ports>(name: K): Ports[K] {
    const port = this.ports[name];
    if (!port)
      throw new Error(`the local cloud has no ${name} port: the service that provides it was not added`);
    return port as Ports[K];
  }

  /** Serves `/_cachao/<path>` on the AWS listener, for people and tests. */
  admin(path: string, handlers: AdminHandlers): void {
    this.adminRoutes.set(path, handlers);
  }

  resourceType(typeName: string): ResourceType | undefined {
    for (const service of this.services.values()) {
      const type = service.resourceTypes?.[typeName];
      if (type) return type;
    }
    return undefined;
  }

  /** Tells whoever watches. `source` is a short name: `events`, `lambda`, `stripe`. */
  tell(source: string, text: string): void {
    this.happenings.emit('happening', { time: this.clock.now(), source, text } satisfies Happening);
  }

  /** Runs one operation as `principal`, authorised first, whether it came over HTTP or from another service. */
  async call(
    serviceName: string,
    operation: string,
    input: object,
    from: { principal: Principal; region: string; headers?: Record<string, string>; requestId?: string },
  ): Promise<unknown> {
    const service = this.services.get(serviceName);
    const spec =
      service && Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
    if (!service || !spec)
      throw new AwsError(
        'UnknownOperationException',
        `The local cloud does not support ${serviceName}:${operation}.`,
      );
    const call: Call = {
      cloud: this,
      service: serviceName,
      operation,
      region: from.region,
      account: ACCOUNT,
      principal: from.principal,
      requestId: from.requestId ?? randomUUID(),
      headers: from.headers ?? {},
    };
    this.authorize(service, spec, input, call);
    return await spec.handle(input, call);
  }

  private authorize(
    service: AwsService,
    spec: AwsService['operations'][string],
    input: object,
    call: Call,
  ): void {
    if (spec.action === null || call.principal.kind === 'service') return;
    const action = spec.action ?? `${service.iamPrefix ?? service.name}:${call.operation}`;
    const resourcePolicy = spec.resourcePolicy?.(input, call);
    const context = { 'aws:RequestedRegion': call.region, ...spec.conditions?.(input, call) };
    const common = { principal: call.principal, action, context };
    for (const resource of [spec.resource?.(input, call) ?? '*'].flat())
      authorize(this, service, {
        ...common,
        resource,
        ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
      });
  }
}
