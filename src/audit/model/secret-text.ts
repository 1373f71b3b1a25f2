import { scalarText, valueAt } from '../document/node.js';
import { isPlaceName, kindOfName } from './secret-names.js';
import type { Parameter } from './template.js';
import type { Text } from './text.js';

/** A text that says where something is kept: `/shop/stripe/secret`, an ARN. */
export const PLACE_TEXT = /^(\/|arn:)/;

/** The text, when all of it is written out. */
export function literalIn(text: Text): string | undefined {
  return text.every((part) => typeof part === 'string') ? text.join('') : undefined;
}

/** Whether a parameter says where a secret is kept, and does not hold it. */
export function isPlaceParameter({ name, body, default: fallback }: Parameter): boolean {
  if (/^AWS::SSM::Parameter::Name$/.test(scalarText(valueAt(body, 'Type')) ?? '')) return true;
  if (PLACE_TEXT.test(scalarText(fallback) ?? '')) return true;
  return isPlaceName(name) && kindOfName(name) === undefined;
}
