import type { Settings } from '../../src/config/settings.js';
import type { StackInputs } from '../../src/stack/parameters.js';

/** A stage as a first setup would have it. */
export const SETTINGS: Settings = {
  stage: 'dev',
  mode: 'test',
  region: 'eu-west-1',
  profile: null,
  stack: { name: 'cachao-dev', managed: true },
  currency: 'eur',
  database: null,
  databaseCa: null,
  webhook: true,
  deliveryPath: null,
  handlerIsIdempotent: false,
  email: null,
  reservedConcurrency: null,
  logRetentionDays: 14,
  throttle: { rate: 50, burst: 100 },
  vpc: null,
  silenceAlarmHours: null,
  sharedStripeAccount: false,
  connectedAccounts: false,
  orderAmount: 'total',
  acknowledgedHandlers: [],
  permissionsBoundary: null,
  deployRole: null,
  mute: [],
};

export const ACCOUNT = '123456789012';
export const BUS = 'aws.partner/stripe.com/ed_test_61StackTest';

export const INPUTS: StackInputs = {
  account: ACCOUNT,
  templateBody: 'Resources: {}',
  artifacts: (['stripe-event', 'stripe-webhook', 'operations', 'drain'] as const).map((name) => ({
    name,
    path: `${name}.zip`,
    sha256: '0'.repeat(64),
    bytes: 1,
    key: `handlers/${name}/${'0'.repeat(64)}.zip`,
  })),
  eventBusName: BUS,
  reservedConcurrency: null,
  tags: { ManagedBy: 'cachao', 'cachao:stage': 'dev' },
};
