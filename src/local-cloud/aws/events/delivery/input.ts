import type { DeliveryRecord, EventEnvelope } from '../records.js';
import { DeliveryError } from './failure.js';
import { valueAt } from './json-path.js';

/** What the target receives: the event, or what Input, InputPath or InputTransformer make of it. */
export function targetInput(delivery: DeliveryRecord): string {
  const { target, event } = delivery;
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(valueAt(event, target.InputPath) ?? null);
  if (target.InputTransformer !== undefined) return transformed(delivery);
  return JSON.stringify(event);
}

function transformed(delivery: DeliveryRecord): string {
  const { InputPathsMap: paths = {}, InputTemplate: template } = delivery.target.InputTransformer ?? {
    InputTemplate: '',
  };
  const values = new Map<string, unknown>(predefined(delivery));
  for (const [name, path] of Object.entries(paths)) values.set(name, valueAt(delivery.event, path));
  const asObject = /^\s*[{[]/.test(template);
  let quoted = false;
  const text = template.replace(/\\.|"|<([A-Za-z0-9_.-]+)>/g, (part, name: string | undefined) => {
    if (part === '"') quoted = !quoted;
    if (name === undefined || !values.has(name)) return part;
    return quoted ? inQuotes(values.get(name)) : JSON.stringify(values.get(name) ?? '');
  });
  if (asObject) checkJson(text);
  return text;
}

/** Inside quotes objects lose theirs, as recorded: `{acc_id:1}`. */
function inQuotes(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') return JSON.stringify(value).replaceAll('"', '');
  return JSON.stringify(String(value)).slice(1, -1);
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new DeliveryError('INVALID_JSON', 'The input transformer did not produce JSON.');
  }
}

function predefined({ event, ruleArn, rule, ingestedAt }: DeliveryRecord): [string, unknown][] {
  return [
    ['aws.events.rule-arn', ruleArn],
    ['aws.events.rule-name', rule],
    ['aws.events.event.ingestion-time', `${new Date(ingestedAt).toISOString().slice(0, 19)}Z`],
    ['aws.events.event', withoutDetail(event)],
    ['aws.events.event.json', event],
  ];
}

function withoutDetail({ detail: _, ...rest }: EventEnvelope): object {
  return rest;
}

/** Names in a template that no path and no predefined variable gives. */
export function unknownPlaceholders(template: string, paths: Record<string, string>): string[] {
  const names = [...template.matchAll(/<([A-Za-z0-9_.-]+)>/g)].map((found) => found[1] as string);
  return names.filter((name) => !(name in paths) && !name.startsWith('aws.events.'));
}
