import type { OrderAmount } from '../../handlers/contract/order-transition.js';

/** Where a setting's value came from. The first that has it wins, in this order. */
export type Origin = 'flag' | 'environment' | 'file' | 'answer' | 'default';

/** A finding that is known and accepted, until a date. */
export interface Mute {
  /** A check's id. */
  check: string;
  reason: string;
  /** ISO date; after it the finding counts again. */
  until?: string;
}

/** Everything that a stage's commands need to know, resolved. No secret is among it. */
export interface Settings {
  /** Names everything that belongs together: one destination, bus, stack, endpoint and set of secrets per stage. */
  stage: string;
  /** Whether the stage takes real money. */
  mode: 'test' | 'live';
  region: string;
  profile: string | null;
  stack: {
    name: string;
    /** false: the stack is somebody else's; cachao deploys nothing. */
    managed: boolean;
  };
  /** ISO 4217, lower case, as Stripe writes it. */
  currency: string;
  /** `mysql://user@host:3306/shop`, never with a password. */
  database: string | null;
  /** File with the certificates, in PEM, of the authority that signs the database's; null: a public one, or RDS's. */
  databaseCa: string | null;
  /** Whether the webhook is used as a second path beside EventBridge. */
  webhook: boolean;
  /** Beside a stack of somebody else's: the one way of delivery to make where none is there; null: what its wiring says. */
  deliveryPath: 'eventbridge' | 'webhook' | null;
  /** Somebody's word that a handler that is not ours takes an event twice without harm. */
  handlerIsIdempotent: boolean;
  /** Receives the alarms. */
  email: string | null;
  /** Per function; null: none reserved. */
  reservedConcurrency: number | null;
  logRetentionDays: number;
  throttle: { rate: number; burst: number };
  /** For a database inside a VPC. */
  vpc: { subnetIds: string[]; securityGroupIds: string[] } | null;
  /** Alarm when no event came for so many hours; null: no such alarm. */
  silenceAlarmHours: number | null;
  /** Other products share the Stripe account: a session without `order_id` is not an error. */
  sharedStripeAccount: boolean;
  /** Payments of connected accounts pay this stage's orders. */
  connectedAccounts: boolean;
  /** Which of a session's amounts an order costs. */
  orderAmount: OrderAmount;
  /** ARNs and URLs of who may handle the same events beside ours, or hear of the alarms. */
  acknowledgedHandlers: string[];
  /** ARN of a policy that bounds the roles of the functions. */
  permissionsBoundary: string | null;
  /** ARN of the role in whose name CloudFormation works; null: in the caller's. */
  deployRole: string | null;
  mute: Mute[];
}
