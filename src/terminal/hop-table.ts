import { duration } from '../core/duration.js';
import type { Canvas, Ink } from './canvas.js';

export type HopOutcome = 'reached' | 'not-reached' | 'failed' | 'unknown';

/** One place that an event passed, or should have. */
export interface TraceHop {
  /** "Lambda function". */
  label: string;
  /** Ids and states, on one line. */
  detail: string;
  outcome: HopOutcome;
  /** Epoch milliseconds; null when it is not known. */
  at: number | null;
  /** The time was not recorded there, but follows from its neighbours. */
  inferred: boolean;
}

const INK: Record<HopOutcome, Ink> = {
  reached: 'green',
  'not-reached': 'dim',
  failed: 'red',
  unknown: 'yellow',
};
const WORD: Record<HopOutcome, string> = {
  reached: '',
  'not-reached': 'not reached',
  failed: 'failed',
  unknown: 'not known',
};

/** The hops of one event as a table, with the time since the first. Inferred times are marked with "~". */
export function renderTrace(hops: readonly TraceHop[], canvas: Canvas): string {
  const known = hops.flatMap((hop) => (hop.at === null ? [] : [hop.at]));
  const start = known.length > 0 ? Math.min(...known) : 0;
  const times = hops.map((hop) => timeOf(hop, start));
  const timeWidth = Math.max(0, ...times.map((time) => time.length));
  const labelWidth = Math.min(28, Math.max(0, ...hops.map((hop) => hop.label.length)));
  const lines = hops.map((hop, index) => {
    const sign = canvas.ink(INK[hop.outcome], canvas.pad(signOf(hop.outcome, canvas), 2));
    const time = (times[index] ?? '').padStart(timeWidth);
    const word = WORD[hop.outcome] === '' ? '' : `${WORD[hop.outcome]}${hop.detail === '' ? '' : ': '}`;
    const first = `${sign} ${canvas.ink('dim', time)}  ${canvas.pad(hop.label, labelWidth)}  `;
    return canvas.wrap(word + hop.detail, first, ' '.repeat(3 + timeWidth + 2 + labelWidth + 2));
  });
  if (hops.some((hop) => hop.inferred && hop.at !== null))
    lines.push('', canvas.ink('dim', '~ not recorded there, follows from what came before and after'));
  return lines.join('\n');
}

function timeOf(hop: TraceHop, start: number): string {
  return hop.at === null ? '' : `${hop.inferred ? '~' : ''}+${elapsed(hop.at - start)}`;
}

/** Milliseconds while they can be read; what took minutes or days is told in those. */
function elapsed(milliseconds: number): string {
  return milliseconds < 100_000 ? `${Math.round(milliseconds)} ms` : duration(milliseconds);
}

function signOf(outcome: HopOutcome, { symbols }: Canvas): string {
  if (outcome === 'reached') return symbols.pass;
  if (outcome === 'failed') return symbols.fail;
  return outcome === 'unknown' ? symbols.unknown : symbols.skipped;
}
