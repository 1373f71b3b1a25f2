import { ACCOUNT } from '../../kernel/cloud.js';
import { constraint } from './errors.js';

export const DEFAULT_BUS = 'default';
const NAME = /^[/.\-_A-Za-z0-9]+$/;
const BUS_ARN = /^arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:\d{12}:event-bus\/(.+)$/;

export const busArn = (region: string, name: string) =>
  `arn:aws:events:${region}:${ACCOUNT}:event-bus/${name}`;
/** Sources have no account in their ARN (real captures). */
export const sourceArn = (region: string, name: string) => `arn:aws:events:${region}::event-source/${name}`;
export const archiveArn = (region: string, name: string) =>
  `arn:aws:events:${region}:${ACCOUNT}:archive/${name}`;
export const replayArn = (region: string, name: string) =>
  `arn:aws:events:${region}:${ACCOUNT}:replay/${name}`;
export const ruleArn = (region: string, bus: string, name: string) =>
  `arn:aws:events:${region}:${ACCOUNT}:rule/${bus === DEFAULT_BUS ? name : `${bus}/${name}`}`;

/** The bus that an `EventBusName` (a name or an ARN, `default` when absent) names. */
export function busName(given: unknown, member = 'eventBusName'): string {
  if (given === undefined || given === null) return DEFAULT_BUS;
  const text = String(given);
  const name = BUS_ARN.exec(text)?.[1] ?? text;
  if (!NAME.test(name))
    throw constraint(text, member, `satisfy regular expression pattern: ${NAME.source.slice(1, -1)}`);
  return name;
}

/** For authorisation, which must not throw. */
export function looseBusName(given: unknown): string {
  const text = String(given ?? DEFAULT_BUS);
  return BUS_ARN.exec(text)?.[1] ?? text;
}
