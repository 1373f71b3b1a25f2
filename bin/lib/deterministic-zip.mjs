import { strToU8, zipSync } from 'fflate';

/** ZIP cannot say a time before 1980. Local time, which is what ZIP keeps, so the time zone does not matter. */
const MODIFIED = new Date(1980, 0, 1, 0, 0, 0);
/** What the archive says it was made on, so that permissions are Unix ones: rw-r--r--. */
const UNIX = 3;
const MODE = 0o100644 << 16;

/**
 * Zips files so that equal contents make equal bytes, on every machine and on every day.
 * @param {Record<string, string | Uint8Array>} files by their name in the archive
 * @returns {Uint8Array}
 */
export function deterministicZip(files) {
  /** @type {import('fflate').Zippable} */
  const entries = {};
  for (const name of Object.keys(files).sort()) {
    const content = files[name];
    const bytes = typeof content === 'string' ? strToU8(content) : content;
    entries[name] = [bytes, { mtime: MODIFIED, os: UNIX, attrs: MODE, level: 9 }];
  }
  return zipSync(entries);
}
