import type { Settings } from '../config/settings.js';
import type { Change } from '../core/check.js';

/** What a plan that deploys the stack adds to the bill, as a sentence; null where it deploys none. */
export function costOfPlan(changes: readonly Change[], settings: Settings): string | null {
  const deploys = changes.some(({ action, check }) => action === 'create' && check.startsWith('stack.'));
  return settings.stack.managed && deploys ? costSentence(monthlyCost(settings)) : null;
}

export interface CostLine {
  what: string;
  /** US dollars a month. */
  low: number;
  high: number;
  why: string;
}

/** Alarms in `infra/template.yaml`; the first ten of an account are free. */
const ALARMS = 10;
const ALARM_PRICE = 0.1;
const FREE_ALARMS = 10;

/**
 * What the stack costs a month, roughly, for a shop with up to 10,000 payments: list prices of us-east-1, free tiers
 * as the lower bound. An order of magnitude, for deciding; the bill decides.
 */
export function monthlyCost(settings: Settings): CostLine[] {
  const alarms = ALARMS + (settings.silenceAlarmHours === null ? 0 : 1);
  return [
    {
      what: 'CloudWatch alarms',
      low: Math.max(0, alarms - FREE_ALARMS) * ALARM_PRICE,
      high: alarms * ALARM_PRICE,
      why: `${alarms} alarms, 10 of an account are free`,
    },
    {
      what: 'CloudWatch Logs',
      low: 0,
      high: 0.3,
      why: `some 100 MB, kept ${settings.logRetentionDays} days`,
    },
    {
      what: 'Lambda, EventBridge, SQS and X-Ray',
      low: 0,
      high: 0.3,
      why: 'per event; mostly within the free tier',
    },
    ...(settings.webhook
      ? [{ what: 'API Gateway', low: 0.05, high: 0.2, why: '3.50 a million webhook requests' }]
      : []),
    {
      what: 'S3, SSM and SNS',
      low: 0,
      high: 0.05,
      why: 'four small zips, standard parameters, a few e-mails',
    },
  ];
}

export function costSentence(lines: readonly CostLine[]): string {
  const sum = (pick: (line: CostLine) => number) => lines.reduce((total, line) => total + pick(line), 0);
  return `Roughly ${sum((l) => l.low).toFixed(2)} to ${sum((l) => l.high).toFixed(2)} USD a month for up to 10,000 payments (${lines.map((l) => `${l.what}: ${l.why}`).join('; ')}).`;
}
