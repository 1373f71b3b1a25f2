import { redact } from '../core/secret.js';

/** A document as JSON text with its line end, no secret in any of its strings. */
export function renderJson(document: object, indentation = 2): string {
  const clean = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? redact(value) : value;
  return `${JSON.stringify(document, clean, indentation)}\n`;
}
