import type { Diagnosis } from '../doctor/diagnose.js';
import type { Canvas } from './canvas.js';
import { renderFindings } from './findings.js';
import { paymentPath } from './payment-path.js';
import { renderPipeline } from './pipeline.js';

/** The path drawn, so that one look says where it breaks; then the findings, what is wrong first. */
export function renderDoctor(diagnosis: Diagnosis, canvas: Canvas, options: { verbose: boolean }): string {
  return [
    renderPipeline(paymentPath(diagnosis.findings), canvas),
    renderFindings(diagnosis.findings, canvas, options),
  ].join('\n\n');
}
