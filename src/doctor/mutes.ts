import type { Mute } from '../config/settings.js';
import type { Finding } from '../core/finding.js';

/** Unhealthy findings that the configuration accepts are marked, and stay visible; a mute that is over is named. */
export function muted(findings: readonly Finding[], mutes: readonly Mute[], now: Date): Finding[] {
  const today = now.toISOString().slice(0, 10);
  return findings.map((finding) => {
    if (finding.outcome === 'pass' || finding.outcome === 'skipped') return finding;
    const ours = mutes.filter((mute) => mute.check === finding.id);
    const current = ours.find((mute) => mute.until === undefined || mute.until >= today);
    if (current) return { ...finding, muted: { reason: current.reason, until: current.until ?? null } };
    return { ...finding, evidence: [...finding.evidence, ...ours.map(over)] };
  });
}

/** Mutes that name no check: they accept nothing, and nobody would notice. */
export function mutesOfNothing(mutes: readonly Mute[], ids: readonly string[]): string[] {
  return mutes.map((mute) => mute.check).filter((id) => !ids.includes(id));
}

const over = ({ until, reason }: Mute) => ({ label: 'was muted', value: `until ${until}: ${reason}` });
