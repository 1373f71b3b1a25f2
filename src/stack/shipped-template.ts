import type { Template } from './template.js';

/** A template as the build has read it: reading YAML takes a tenth of a second, at every start of the program. */
export interface ShippedTemplate {
  /** SHA-256 of the text, in hexadecimal. */
  sha256: string;
  template: Template;
}

/** The package's own template. The build puts it here; from the sources there is none. */
export const shippedTemplate: ShippedTemplate | undefined = undefined;
