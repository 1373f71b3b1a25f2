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
    const plain = this.#plain(value);
    const { style } = this;
    if (indent === undefined) return JSON.stringify(plain).replace(/":/g, '": ').replace(/,"/g, ', "');
    return JSON.stringify(plain, null, style.step).replaceAll('\n', style.lineEnd + indent);
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
    return `${lineEnd}${indent}${step}${call.name}:${this.#behind(call.argument, indent + step, step)}`;
  }

  /** A value at the place of its first character; `indent` is that of its further lines. */
  #block(value: Value, indent: string): string {
    if (isMap(value)) {
      const entries = Object.entries(value).map(([key, item]) => this.entry(key, item, indent));
      return entries.join(this.style.lineEnd + indent);
    }
    if (value instanceof Call && !this.style.shortForms)
      return `${call(value)}:${this.#behind(value.argument, indent, this.style.step)}`;
    return this.flow(value);
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

  #plain(value: Value): unknown {
    if (value instanceof Call) return { [value.name]: this.#plain(value.argument) };
    if (isList(value)) return value.map((item) => this.#plain(item));
    if (typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#plain(item)]));
    return value;
  }
}

const call = (value: Call): string => value.name;
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
