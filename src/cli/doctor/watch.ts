import { writeDuration } from '../../core/duration.js';
import { redact } from '../../core/secret.js';
import type { Diagnosis } from '../../doctor/diagnose.js';
import { type ChangedFinding, watch } from '../../doctor/watch.js';
import type { Canvas } from '../../terminal/canvas.js';
import { renderChanged, renderFirst, renderScreen } from './render-watch.js';

/** How many changes stay on the screen. */
const REMEMBERED = 5;
/** Puts the cursor to the top left and clears what is below it. */
const CLEAR = '\u001b[H\u001b[2J';

export interface WatchDisplay {
  look(): Promise<Diagnosis>;
  intervalMs: number;
  canvas: Canvas;
  /** Whether stdout is a terminal that may be redrawn. */
  live: boolean;
  stdout: NodeJS.WriteStream;
  /** Told at the first look: from then on the command goes on running. */
  begun(diagnosis: Diagnosis): void;
  signal: AbortSignal;
}

/** Redraws the whole on a terminal; elsewhere writes a line for each thing that changed. Returns what was seen last. */
export function watchStage(display: WatchDisplay): Promise<Diagnosis> {
  const { look, intervalMs, signal } = display;
  const remembered: string[] = [];
  let begun = false;
  const seen = (diagnosis: Diagnosis, changed: readonly ChangedFinding[]) => {
    const now = new Date();
    const lines = renderChanged(changed, now, display.canvas);
    remembered.unshift(...lines);
    remembered.splice(REMEMBERED);
    if (!begun) display.begun(diagnosis);
    const text = display.live
      ? CLEAR + screen(display, diagnosis, remembered, now)
      : (begun ? lines : [renderFirst(diagnosis, now, display.canvas)]).map((line) => `${line}\n`).join('');
    begun = true;
    display.stdout.write(redact(text));
  };
  return watch({ look, intervalMs, seen, signal });
}

function screen(
  { canvas, intervalMs, stdout }: WatchDisplay,
  diagnosis: Diagnosis,
  changes: readonly string[],
  now: Date,
): string {
  const time = `${now.toISOString().slice(11, 19)}Z`;
  const title = `cachao doctor, stage ${diagnosis.stage}: looked ${time}, again every ${writeDuration(intervalMs)}; Ctrl-C ends it`;
  return `${renderScreen(diagnosis, { title, changes, rows: stdout.rows ?? 24 }, canvas)}\n`;
}
