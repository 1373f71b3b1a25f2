import type { DoctorReport } from '../../doctor/report.js';
import type { Canvas } from '../../terminal/canvas.js';
import type { Format } from './flags.js';

export type Render = (report: DoctorReport, canvas: Canvas) => string;

/** What writes a report in a format. Only that one is loaded. */
export async function rendererOf(
  format: Format,
  options: { verbose: boolean; strict: boolean },
): Promise<Render> {
  switch (format) {
    case 'junit':
      return (await import('./render-junit.js')).renderJunit;
    case 'sarif':
      return (await import('./render-sarif.js')).renderSarif;
    case 'markdown':
      return (await import('./render-markdown.js')).renderMarkdown;
    default: {
      const { renderDoctor } = await import('./render-text.js');
      return (report, canvas) => renderDoctor(report, canvas, options);
    }
  }
}
