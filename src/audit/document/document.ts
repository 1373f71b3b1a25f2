import type { Lines } from './lines.js';
import type { MapNode } from './node.js';

/** How the file is written, so that what is added looks as if the same hand had written it. */
export interface Style {
  json: boolean;
  lineEnd: '\n' | '\r\n';
  /** One step of indentation. */
  step: string;
  /** Whether lists below a key are indented. */
  indentedLists: boolean;
  quote: "'" | '"';
  /** Whether intrinsic functions are written as tags. */
  shortForms: boolean;
  /** In JSON, whether small things stay in one line: `{ "Ref": "Bus" }`. */
  inline: boolean;
  /** In JSON, what stands inside the braces of such a line: a space, or nothing. */
  padding: '' | ' ';
}

/** A template as it was read: its text, and every value with its place. */
export interface TemplateDocument {
  file: string;
  text: string;
  lines: Lines;
  root: MapNode;
  style: Style;
}
