import type { Finding } from './finding.js';

/**
 * What failed and is not muted, causes before symptoms: first those because of which most others could not be looked
 * at, then how it is set up, then (by the ids given) how it has been going; else in the order of the findings.
 */
export function rootsFirst(findings: readonly Finding[], operational: ReadonlySet<string>): Finding[] {
  const rank = ({ id }: Finding): number =>
    operational.has(id) ? 1 : -findings.filter((finding) => isBlockedBy(id, finding)).length;
  return findings
    .filter(({ outcome, muted }) => outcome === 'fail' && !muted)
    .map((finding) => ({ finding, rank: rank(finding) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ finding }) => finding);
}

const isBlockedBy = (id: string, { outcome, summary }: Finding): boolean =>
  outcome === 'skipped' && summary.startsWith(`${id} `);
