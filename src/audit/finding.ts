import type { Finding } from '../core/finding.js';
import type { Hunk } from './patch/hunks.js';

export interface Location {
  file: string;
  /** From 1, as editors count. */
  line: number;
  column: number;
  /** The line itself. */
  excerpt: string;
  /** Keys that lead there: `Resources/Handler/Properties/Events`. It stays when lines move. */
  path: string;
}

/** A finding of the audit: that of a check, with its place in a template and the change that mends it. */
export interface AuditFinding extends Finding {
  /** How payments are lost by it. */
  why: string;
  location: Location;
  /** What `--write` would change; null where a person must decide. */
  patch: { hunks: Hunk[] } | null;
}
