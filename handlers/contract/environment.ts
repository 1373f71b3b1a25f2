/**
 * The environment variables that `infra/template.yaml` gives the functions. Names and switches only:
 * secrets stay in SSM and are read by name.
 */
export const ENVIRONMENT = {
  stage: 'CACHAO_STAGE',
  /** 'true' for a live stage. */
  livemode: 'CACHAO_LIVEMODE',
  /** ISO 4217, lower case, as Stripe writes it. */
  currency: 'CACHAO_CURRENCY',
  /** SSM SecureString: `mysql://user:password@host:3306/shop`; see `database-address.ts`. */
  databaseParameter: 'CACHAO_DATABASE_PARAMETER',
  /** SSM SecureString: one signing secret, or several separated by commas during a rotation (newest first). */
  webhookSecretParameter: 'CACHAO_WEBHOOK_SECRET_PARAMETER',
  /** 'true': other products share the Stripe account, so a session without `order_id` is not ours and no error. */
  sharedAccount: 'CACHAO_SHARED_STRIPE_ACCOUNT',
  /** 'true': payments of connected accounts pay this stage's orders. */
  connectedAccounts: 'CACHAO_CONNECTED_ACCOUNTS',
  /** Which of a session's amounts an order costs: `total`, `total-without-tax` or `subtotal`. */
  orderAmount: 'CACHAO_ORDER_AMOUNT',
} as const;

/** What the drain function is given besides. */
export const DRAIN_ENVIRONMENT = {
  /** The stage's own partner event source. */
  source: 'CACHAO_EVENT_SOURCE',
  /** Where goes what cannot be proven to be this stage's own. */
  quarantineUrl: 'CACHAO_QUARANTINE_QUEUE_URL',
  /** The rule, which may send to the queue of what it could not deliver. */
  ruleArn: 'CACHAO_RULE_ARN',
  /** The event handler's role, which may send to the queue of what it failed on. */
  handlerRoleArn: 'CACHAO_HANDLER_ROLE_ARN',
} as const;

/** Where a stage's secrets live in SSM. */
export function databaseParameterName(stage: string): string {
  return `/cachao/${stage}/database`;
}

export function webhookSecretParameterName(stage: string): string {
  return `/cachao/${stage}/stripe/webhook-secret`;
}

/**
 * After a bad signature the webhook reads its secrets again, but not more often than this: bad signatures must not
 * become a flood of calls to SSM. A new secret is accepted everywhere so long after it was stored.
 */
export const SECRET_REFRESH_MS = 10_000;

/**
 * How long a function uses a secret before it asks SSM again, so that a changed database or signing secret is in use
 * everywhere so long after it was stored, whoever changed it.
 */
export const SECRET_MAXIMUM_AGE_MS = 30_000;

/** While SSM throttles or is away, what it said last is used for so long. */
export const SECRET_STALE_LIMIT_MS = 15 * 60_000;

/** Session metadata keys. */
export const METADATA = { orderId: 'order_id', stage: 'cachao_stage', run: 'cachao_run' } as const;
