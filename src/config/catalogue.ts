/** Every setting that flags, environment or file can give. `mute` is the file's alone. */
export type SettingKey =
  | 'mode'
  | 'region'
  | 'profile'
  | 'stack.name'
  | 'stack.managed'
  | 'deliveryPath'
  | 'handlerIsIdempotent'
  | 'currency'
  | 'database'
  | 'databaseCa'
  | 'webhook'
  | 'email'
  | 'reservedConcurrency'
  | 'logRetentionDays'
  | 'throttle.rate'
  | 'throttle.burst'
  | 'vpc.subnetIds'
  | 'vpc.securityGroupIds'
  | 'silenceAlarmHours'
  | 'sharedStripeAccount'
  | 'connectedAccounts'
  | 'orderAmount'
  | 'acknowledgedHandlers'
  | 'permissionsBoundary'
  | 'deployRole';

export type SettingValue = string | number | boolean | null | string[];

export interface SettingEntry {
  key: SettingKey;
  /** Without the dashes. */
  flag: string;
  /** Environment variables that give it, the first that is set wins. */
  variables: readonly [string, ...string[]];
  /** How its text is read. "none" is null where null is allowed. */
  kind: 'text' | 'number' | 'boolean' | 'list';
  /** Where nothing gives it. Absent: it has to be answered. */
  fallback?: SettingValue | ((stage: string) => SettingValue);
  /** What `--local` uses instead. */
  localFallback?: SettingValue;
  /** What is asked, and why, when it has to be answered. */
  what?: string;
  why?: string;
}

export const CATALOGUE: readonly SettingEntry[] = [
  // Before the region, which a profile can give.
  {
    key: 'profile',
    flag: 'profile',
    variables: ['CACHAO_PROFILE', 'AWS_PROFILE'],
    kind: 'text',
    fallback: null,
  },
  { key: 'mode', flag: 'mode', variables: ['CACHAO_MODE'], kind: 'text', fallback: 'test' },
  {
    key: 'region',
    flag: 'region',
    variables: ['CACHAO_REGION', 'AWS_REGION', 'AWS_DEFAULT_REGION'],
    kind: 'text',
    localFallback: 'eu-west-1',
    what: 'AWS region',
    why: 'the event bus, the functions and the queues live in one region',
  },
  {
    key: 'stack.name',
    flag: 'stack-name',
    variables: ['CACHAO_STACK_NAME'],
    kind: 'text',
    fallback: (stage) => `cachao-${stage}`,
  },
  {
    key: 'stack.managed',
    flag: 'managed',
    variables: ['CACHAO_MANAGED'],
    kind: 'boolean',
    fallback: true,
  },
  {
    key: 'currency',
    flag: 'currency',
    variables: ['CACHAO_CURRENCY'],
    kind: 'text',
    fallback: 'eur',
    what: 'currency',
    why: "an amount in another currency never matches the order's total",
  },
  {
    key: 'database',
    flag: 'database',
    variables: ['CACHAO_DATABASE'],
    kind: 'text',
    fallback: null,
    what: 'orders database (mysql://user@host:3306/shop, without the password)',
    why: 'the handlers mark orders paid there',
  },
  {
    key: 'databaseCa',
    flag: 'database-ca',
    variables: ['CACHAO_DATABASE_CA'],
    kind: 'text',
    fallback: null,
  },
  { key: 'webhook', flag: 'webhook', variables: ['CACHAO_WEBHOOK'], kind: 'boolean', fallback: true },
  {
    key: 'deliveryPath',
    flag: 'delivery-path',
    variables: ['CACHAO_DELIVERY_PATH'],
    kind: 'text',
    fallback: null,
  },
  {
    key: 'handlerIsIdempotent',
    flag: 'handler-is-idempotent',
    variables: ['CACHAO_HANDLER_IS_IDEMPOTENT'],
    kind: 'boolean',
    fallback: false,
  },
  {
    key: 'email',
    flag: 'email',
    variables: ['CACHAO_EMAIL'],
    kind: 'text',
    fallback: null,
    what: 'e-mail address for alarms ("none" for no e-mail)',
    why: 'an alarm without a recipient saves no payment',
  },
  {
    key: 'reservedConcurrency',
    flag: 'reserved-concurrency',
    variables: ['CACHAO_RESERVED_CONCURRENCY'],
    kind: 'number',
    fallback: 10,
  },
  {
    key: 'logRetentionDays',
    flag: 'log-retention-days',
    variables: ['CACHAO_LOG_RETENTION_DAYS'],
    kind: 'number',
    fallback: 14,
  },
  {
    key: 'throttle.rate',
    flag: 'throttle-rate',
    variables: ['CACHAO_THROTTLE_RATE'],
    kind: 'number',
    fallback: 50,
  },
  {
    key: 'throttle.burst',
    flag: 'throttle-burst',
    variables: ['CACHAO_THROTTLE_BURST'],
    kind: 'number',
    fallback: 100,
  },
  {
    key: 'vpc.subnetIds',
    flag: 'subnet-ids',
    variables: ['CACHAO_SUBNET_IDS'],
    kind: 'list',
    fallback: null,
  },
  {
    key: 'vpc.securityGroupIds',
    flag: 'security-group-ids',
    variables: ['CACHAO_SECURITY_GROUP_IDS'],
    kind: 'list',
    fallback: null,
  },
  {
    key: 'silenceAlarmHours',
    flag: 'silence-alarm-hours',
    variables: ['CACHAO_SILENCE_ALARM_HOURS'],
    kind: 'number',
    fallback: null,
  },
  {
    key: 'sharedStripeAccount',
    flag: 'shared-stripe-account',
    variables: ['CACHAO_SHARED_STRIPE_ACCOUNT'],
    kind: 'boolean',
    fallback: false,
  },
  {
    key: 'connectedAccounts',
    flag: 'connected-accounts',
    variables: ['CACHAO_CONNECTED_ACCOUNTS'],
    kind: 'boolean',
    fallback: false,
  },
  {
    key: 'orderAmount',
    flag: 'order-amount',
    variables: ['CACHAO_ORDER_AMOUNT'],
    kind: 'text',
    fallback: 'total',
  },
  {
    key: 'acknowledgedHandlers',
    flag: 'acknowledged-handlers',
    variables: ['CACHAO_ACKNOWLEDGED_HANDLERS'],
    kind: 'list',
    fallback: [],
  },
  {
    key: 'permissionsBoundary',
    flag: 'permissions-boundary',
    variables: ['CACHAO_PERMISSIONS_BOUNDARY'],
    kind: 'text',
    fallback: null,
  },
  {
    key: 'deployRole',
    flag: 'deploy-role',
    variables: ['CACHAO_DEPLOY_ROLE'],
    kind: 'text',
    fallback: null,
  },
];

export function entryOf(key: SettingKey): SettingEntry {
  const entry = CATALOGUE.find((candidate) => candidate.key === key);
  if (!entry) throw new Error(`no setting ${key} in the catalogue`);
  return entry;
}
