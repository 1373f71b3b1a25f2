import type { Style } from '../document/document.js';
import { tagOf } from '../document/intrinsics.js';
import { Call, type Value } from './value.js';

/** Prints values as the file's own hand would: JSON, YAML in blocks, or YAML in one line. */
export class Printer {
  constructor(readonly style: Style) {}

  /** `Key: value`, or the key and the value in lines below it. No indentation before the first line, no line end. */
  entry(key: string, value: Value, indent: string): string {
    return this.style.json
      ? `${JSON.stringify(key)}: ${this.json(value, indent)}`
      : `${this.#key(key)}:${this.#behind(value, indent, this.style.step)}`;
  }

  /** One value in one line. */
  line(value: Value): string {
    return this.style.json ? this.json(value, undefined) : this.flow(value);
  }

  /** `- value` in a block list; the first line without indentation. */
  item(value: Value, indent: string): string {
    return `- ${this.#block(value, `${indent}  `)}`;
  }

  /** JSON in lines; without an indentation, in one line. */
  json(value: Value, indent: string | undefined): string {
    if (value instanceof Call) return this.json({ [value.name]: value.argument }, indent);
    if (typeof value !== 'object') return JSON.stringify(value);
    const parts = isList(value)
      ? value.map((item) => (within: string | undefined) => this.json(item, within))
      : Object.entries(value).map(
          ([key, item]) =>
            (within: string | undefined) =>
              `${JSON.stringify(key)}: ${this.json(item, within)}`,
        );
    const [open, close] = isList(value) ? '[]' : '{}';
    if (parts.length === 0) return `${open}${close}`;
    const { step, lineEnd, padding, inline } = this.style;
    if (indent === undefined || (inline && isSmall(value))) {
      const pad = isList(value) ? '' : padding;
      return `${open}${pad}${parts.map((part) => part(undefined)).join(', ')}${pad}${close}`;
    }
    const inner = indent + step;
    return `${open}${lineEnd}${inner}${parts.map((part) => part(inner)).join(`,${lineEnd}${inner}`)}${lineEnd}${indent}${close}`;
  }

  /** YAML in one line. */
  flow(value: Value): string {
    if (value instanceof Call) return this.#call(value, (argument) => this.flow(argument));
    if (isList(value)) return `[${value.map((item) => this.flow(item)).join(', ')}]`;
    if (typeof value === 'object') {
      const entries = Object.entries(value).map(([key, item]) => `${this.#key(key)}: ${this.flow(item)}`);
      return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
    }
    return this.#scalar(value, true);
  }

  /** What stands behind a colon: in the same line, or below. */
  #behind(value: Value, indent: string, step: string): string {
    const { lineEnd, indentedLists } = this.style;
    if (value instanceof Call) return this.#behindCall(value, indent, step);
    if (isList(value) && value.length > 0) {
      const inner = indentedLists ? indent + step : indent;
      return value.map((item) => `${lineEnd}${inner}${this.item(item, inner)}`).join('');
    }
    if (isMap(value)) {
      const inner = indent + step;
      return Object.entries(value)
        .map(([key, item]) => `${lineEnd}${inner}${this.entry(key, item, inner)}`)
        .join('');
    }
    return ` ${this.flow(value)}`;
  }

  #behindCall(call: Call, indent: string, step: string): string {
    if (this.style.shortForms) return ` ${this.flow(call)}`;
    const { lineEnd } = this.style;
    return `${lineEnd}${indent}${step}${this.#fullForm(call, indent + step)}`;
  }

  /** A value at the place of its first character; `indent` is that of its further lines. */
  #block(value: Value, indent: string): string {
    if (isMap(value)) {
      const entries = Object.entries(value).map(([key, item]) => this.entry(key, item, indent));
      return entries.join(this.style.lineEnd + indent);
    }
    if (value instanceof Call && !this.style.shortForms) return this.#fullForm(value, indent);
    return this.flow(value);
  }

  /** `Fn::GetAtt: [Queue, Arn]`: short lists stay in the line. */
  #fullForm({ name, argument }: Call, indent: string): string {
    const inline = isList(argument) && argument.every((item) => typeof item !== 'object');
    return `${name}:${inline ? ` ${this.flow(argument)}` : this.#behind(argument, indent, this.style.step)}`;
  }

  #call(value: Call, print: (argument: Value) => string): string {
    if (!this.style.shortForms) return `{ ${value.name}: ${print(value.argument)} }`;
    if (value.name === 'Fn::GetAtt' && isList(value.argument))
      return `${tagOf(value.name)} ${value.argument.join('.')}`;
    return `${tagOf(value.name)} ${print(value.argument)}`;
  }

  #key(key: string): string {
    return this.#scalar(key, true);
  }

  #scalar(value: string | number | boolean, flow: boolean): string {
    if (typeof value !== 'string') return String(value);
    return needsQuotes(value, flow) ? this.#quoted(value) : value;
  }

  #quoted(value: string): string {
    if (this.style.quote === '"' || /[\n\r\t]/.test(value)) return JSON.stringify(value);
    return `'${value.replaceAll("'", "''")}'`;
  }
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
const isMap = (value: Value): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && !isList(value) && !(value instanceof Call) && Object.keys(value).length > 0;

/** Whether a plain scalar would be read as something else, or break the line. */
function needsQuotes(text: string, flow: boolean): boolean {
  if (text === '' || text !== text.trim()) return true;
  if (/^[-+.\d]/.test(text) && /^[-+]?[\d_.,:eExXa-fA-F+-]+$/.test(text)) return true;
  if (/^(true|false|yes|no|on|off|y|n|null|~)$/i.test(text)) return true;
  if (/^[!&*?|>@`"'%#{}[\],]|^[-?:](\s|$)|:(\s|$)|\s#|[\n\r\t]/.test(text)) return true;
  return flow && /[{}[\],]/.test(text);
}

/** A function of words, a list of words, or a pair of words: what people leave in one line. */
function isSmall(value: Value): boolean {
  if (isList(value)) return value.every((item) => typeof item !== 'object');
  if (typeof value !== 'object' || value instanceof Call) return true;
  const items = Object.values(value);
  return (
    items.length <= 2 &&
    items.every((item) => typeof item !== 'object' || (items.length === 1 && isSmall(item)))
  );
}
