import type { Finding, Outcome } from '../../core/finding.js';
import type { Pipeline, PipelineHop } from '../../terminal/pipeline.js';

interface Station {
  label: string;
  /** Ids, or areas as `queue.*`, that decide how it stands; the worst counts. When all is well the first speaks. */
  checks: readonly string[];
  /** What hangs on it: the event does not pass there. */
  beside?: readonly Station[];
}

const PATH: readonly Station[] = [
  { label: 'Stripe', checks: ['account.stripe-key', 'account.mode'] },
  {
    label: 'Event destination',
    checks: [
      'stripe.destination',
      'stripe.destination-enabled',
      'stripe.destination-events',
      'stripe.destination-payload',
      'stripe.destination-accounts',
      'stripe.destination-unique',
    ],
  },
  { label: 'Partner event source', checks: ['eventbridge.source', 'eventbridge.source-active'] },
  {
    label: 'Event bus',
    checks: ['eventbridge.bus'],
    beside: [{ label: 'Archive', checks: ['eventbridge.archive'] }],
  },
  {
    label: 'Rule',
    checks: [
      'eventbridge.rule-enabled',
      'eventbridge.rule',
      'eventbridge.rule-bus',
      'eventbridge.rule-description',
      'eventbridge.pattern',
      'eventbridge.target',
      'eventbridge.retry',
      'eventbridge.permission',
      'eventbridge.deliveries',
    ],
    beside: [{ label: 'Dead-letter queue', checks: ['eventbridge.dlq'] }],
  },
  {
    label: 'Function',
    checks: [
      'function.state',
      'stack.current',
      'stack.healthy',
      'function.runtime',
      'function.current',
      'function.concurrency',
      'function.async',
      'function.tracing',
      'function.tags',
      'function.role',
      'function.secrets',
      'function.environment',
      'function.errors',
      'secret.no-stripe-key',
    ],
    beside: [
      { label: 'Dead-letter queue', checks: ['function.dlq'] },
      { label: 'Both queues', checks: ['queue.empty', 'queue.*'] },
      { label: 'Alarms', checks: ['alarm.state', 'alarm.*'] },
      { label: 'Logs', checks: ['log.*'] },
    ],
  },
  { label: 'Orders database', checks: ['database.reachable', 'database.*', 'secret.database'] },
  { label: 'Paid orders', checks: ['delivery.end-to-end', 'delivery.complete', 'delivery.*'] },
];

const WEBHOOK: readonly Station[] = [
  {
    label: 'Webhook endpoint',
    checks: [
      'stripe.webhook',
      'stripe.webhook-enabled',
      'stripe.webhook-events',
      'stripe.webhook-unique',
      'stripe.webhook-stale',
    ],
  },
  { label: 'API and function', checks: ['api.reachable', 'secret.webhook', 'api.*'] },
];

const WORST_FIRST: readonly Outcome[] = ['fail', 'unknown', 'warn', 'skipped', 'pass'];

/** The payment path as the findings describe it. What is muted is accepted, and does not mark its station. */
export function paymentPath(findings: readonly Finding[]): Pipeline {
  const counted = findings.filter((finding) => !finding.muted);
  const draw = (stations: readonly Station[]): PipelineHop[] =>
    stations.map((station) => hopOf(station, counted)).filter((hop) => hop !== undefined);
  const webhook = draw(WEBHOOK);
  const hasWebhook = webhook.some((hop) => hop.outcome !== 'skipped');
  return { hops: draw(PATH), ...(hasWebhook ? { webhook } : {}) };
}

function hopOf(station: Station, findings: readonly Finding[]): PipelineHop | undefined {
  const found = [...new Set(station.checks.flatMap((name) => named(name, findings)))];
  const worst = [...found].sort((a, b) => WORST_FIRST.indexOf(a.outcome) - WORST_FIRST.indexOf(b.outcome))[0];
  if (!worst) return undefined;
  const shown = worst.outcome === 'pass' ? found[0] : worst;
  const beside = (station.beside ?? [])
    .map((other) => hopOf(other, findings))
    .filter((hop) => hop !== undefined);
  return {
    label: station.label,
    detail: shown?.summary ?? '',
    outcome: worst.outcome,
    ...(beside.length > 0 ? { beside } : {}),
  };
}

function named(name: string, findings: readonly Finding[]): Finding[] {
  const area = name.endsWith('.*') ? name.slice(0, -2) : undefined;
  return findings.filter((finding) => (area === undefined ? finding.id === name : finding.area === area));
}
