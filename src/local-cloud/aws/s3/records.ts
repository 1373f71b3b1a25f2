import type { Algorithm, Checksum } from './checksums.js';

export interface Bucket {
  name: string;
  region: string;
  created: number;
  /** Sub-resources as the XML (policy: JSON) that was put: `versioning`, `encryption`, `tagging`… */
  settings: Record<string, string>;
}

export interface ObjectVersion {
  id: string;
  /** Blob of the content; null for a delete marker. */
  blob: string | null;
  size: number;
  etag: string;
  modified: number;
  contentType: string;
  /** `x-amz-meta-…` without the prefix. */
  metadata: Record<string, string>;
  checksum?: Checksum;
}

export interface Part {
  blob: string;
  size: number;
  etag: string;
  modified: number;
  checksum: Checksum;
}

/** A multipart upload that is neither completed nor aborted. */
export interface Upload {
  id: string;
  bucket: string;
  key: string;
  created: number;
  contentType: string;
  metadata: Record<string, string>;
  /** Absent: S3's own choice. */
  algorithm?: Algorithm;
  checksumType?: Checksum['type'];
  /** By number. */
  parts: Record<number, Part>;
}

/** One key's versions, newest first. */
export interface StoredObject {
  bucket: string;
  key: string;
  versions: ObjectVersion[];
}
