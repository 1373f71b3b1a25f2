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
  crc32: string | null;
}

/** One key's versions, newest first. */
export interface StoredObject {
  bucket: string;
  key: string;
  versions: ObjectVersion[];
}
