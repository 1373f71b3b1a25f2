import type { DoctorReport } from '../../doctor/report.js';
import type { Canvas } from '../../output/canvas.js';
import type { Format } from './flags.js';

export type Render = (report: DoctorReport, canvas: Canvas) => string;

/** What writes a report in a format. Only that one is loaded. */
export async function rendererOf(
  format: Format,
  options: { verbose: boolean; strict: boolean },
): Promise<Render> {
  switch (format) {
    case 'junit':
      return (await import('../../output/doctor/junit.js')).renderJunit;
    case 'sarif':
      return (await import('../../output/doctor/sarif.js')).renderSarif;
    case 'markdown':
      return (await import('../../output/doctor/markdown.js')).renderMarkdown;
    default: {
      const { renderDoctor } = await import('../../output/doctor/text.js');
      return (report, canvas) => renderDoctor(report, canvas, options);
    }
  }
}
