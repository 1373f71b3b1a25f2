import type { Outcome } from '../core/finding.js';
import { type Canvas, columns, type Ink } from './canvas.js';

/** One station of the payment path, and what stands beside it: a dead-letter queue, an alarm. */
export interface PipelineHop {
  /** "EventBridge rule". */
  label: string;
  /** Its name or state; cut to fit. */
  detail: string;
  outcome: Outcome;
  beside?: readonly Omit<PipelineHop, 'beside'>[];
}

export interface Pipeline {
  /** Stripe → destination → source → bus → rule → function → database. */
  hops: readonly PipelineHop[];
  /** The second path, which ends at the same place: Stripe → endpoint → API → function. */
  webhook?: readonly PipelineHop[];
}

const INK: Record<Outcome, Ink> = {
  pass: 'green',
  warn: 'yellow',
  fail: 'red',
  skipped: 'dim',
  unknown: 'yellow',
};
const BROKEN: readonly Outcome[] = ['fail', 'unknown'];
/** Widest column of labels. */
const LABEL = 26;

export interface PipelineOptions {
  /** Draws connections only where they are broken: for a screen that has to hold more. */
  compact?: boolean;
}

/** The payment path from top to bottom, each hop with its sign; a broken connection is drawn broken. */
export function renderPipeline(pipeline: Pipeline, canvas: Canvas, options: PipelineOptions = {}): string {
  const all = [...pipeline.hops, ...(pipeline.webhook ?? [])];
  const labels = all.flatMap((hop) => [
    columns(hop.label),
    ...(hop.beside ?? []).map((other) => columns(other.label) + 3),
  ]);
  const width = Math.min(LABEL, Math.max(0, ...labels));
  const blocks = [renderPath(pipeline.hops, width, canvas, options)];
  if (pipeline.webhook && pipeline.webhook.length > 0)
    blocks.push(
      `${canvas.ink('dim', 'and the webhook beside it:')}\n${renderPath(pipeline.webhook, width, canvas, options)}`,
    );
  return blocks.join('\n\n');
}

function renderPath(
  hops: readonly PipelineHop[],
  width: number,
  canvas: Canvas,
  { compact = false }: PipelineOptions,
): string {
  const lines: string[] = [];
  for (const [index, hop] of hops.entries()) {
    lines.push(station(hop, '', width, canvas));
    const beside = hop.beside ?? [];
    const last = index === hops.length - 1;
    for (const [place, other] of beside.entries()) {
      const end = last && place === beside.length - 1;
      const branch = `${end ? canvas.symbols.corner : canvas.symbols.tee}${canvas.symbols.horizontal} `;
      lines.push(station(other, branch, width, canvas));
    }
    const next = hops[index + 1];
    if (next && (!compact || isBroken(hop, next))) lines.push(connection(hop, next, canvas));
  }
  return lines.join('\n');
}

function station(hop: Omit<PipelineHop, 'beside'>, branch: string, width: number, canvas: Canvas): string {
  const sign = canvas.ink(INK[hop.outcome], canvas.pad(canvas.symbols[hop.outcome], 2));
  const label = canvas.pad(canvas.cut(hop.label, width - columns(branch)), width - columns(branch));
  // A branch hangs below the sign, where the connection runs.
  const start = branch === '' ? `${sign} ` : `${canvas.ink('dim', branch)}${sign} `;
  const used = columns(start) + columns(label) + 2;
  const loud = BROKEN.includes(hop.outcome);
  const detail = canvas.cut(wordOf(hop.outcome) + hop.detail, canvas.width - used);
  return `${start}${loud ? canvas.ink('bold', label) : label}  ${detail === '' ? '' : canvas.ink(loud ? INK[hop.outcome] : 'dim', detail)}`.trimEnd();
}

function wordOf(outcome: Outcome): string {
  if (outcome === 'fail') return 'FAILED: ';
  if (outcome === 'unknown') return 'could not check: ';
  return outcome === 'skipped' ? 'skipped: ' : '';
}

function connection(from: PipelineHop, to: PipelineHop, canvas: Canvas): string {
  return isBroken(from, to)
    ? canvas.ink('red', canvas.symbols.times)
    : canvas.ink('dim', canvas.symbols.down);
}

const isBroken = (from: PipelineHop, to: PipelineHop): boolean =>
  BROKEN.includes(from.outcome) || BROKEN.includes(to.outcome);
