import type { Finding, Outcome } from '../core/finding.js';
import type { Pipeline, PipelineHop } from './pipeline.js';

interface Station {
  label: string;
  /** Checks that decide how it stands; the worst counts. The first that passes says what stands there. */
  checks: readonly string[];
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
    ],
  },
  { label: 'Partner event source', checks: ['eventbridge.source', 'eventbridge.source-active'] },
  { label: 'Event bus', checks: ['eventbridge.bus'] },
  { label: 'Rule', checks: ['eventbridge.rule-enabled'] },
  { label: 'Function', checks: ['stack.current', 'stack.healthy'] },
  { label: 'Orders database', checks: ['database.reachable', 'database.schema', 'secret.database'] },
];

const WEBHOOK: readonly Station[] = [
  {
    label: 'Webhook endpoint',
    checks: ['stripe.webhook', 'stripe.webhook-enabled', 'stripe.webhook-events'],
  },
  { label: 'API and function', checks: ['api.reachable', 'secret.webhook', 'api.signature'] },
];

const WORST_FIRST: readonly Outcome[] = ['fail', 'unknown', 'warn', 'skipped', 'pass'];

/** The payment path as the findings describe it. */
export function paymentPath(findings: readonly Finding[]): Pipeline {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const draw = (stations: readonly Station[]): PipelineHop[] =>
    stations.map((station) => hopOf(station, byId)).filter((hop) => hop !== undefined);
  const webhook = draw(WEBHOOK);
  const hasWebhook = webhook.some((hop) => hop.outcome !== 'skipped');
  return { hops: draw(PATH), ...(hasWebhook ? { webhook } : {}) };
}

function hopOf(station: Station, byId: ReadonlyMap<string, Finding>): PipelineHop | undefined {
  const found = station.checks.map((id) => byId.get(id)).filter((finding) => finding !== undefined);
  const worst = [...found].sort((a, b) => WORST_FIRST.indexOf(a.outcome) - WORST_FIRST.indexOf(b.outcome))[0];
  if (!worst) return undefined;
  const shown = worst.outcome === 'pass' ? found[0] : worst;
  return { label: station.label, detail: shown?.summary ?? '', outcome: worst.outcome };
}
