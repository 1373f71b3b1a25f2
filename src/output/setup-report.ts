import type { Finding } from '../core/finding.js';
import type { SetupResult } from '../setup/setup.js';
import type { Canvas } from './canvas.js';
import { renderChanges } from './changes.js';
import { renderCheckout } from './checkout-report.js';
import { renderFinding } from './findings.js';
import { paymentPath } from './payment-path.js';
import { renderPipeline } from './pipeline.js';

/** The closing summary of setup: what is wrong in full, else the path drawn, its proof, and what to do next. */
export function renderSetup(
  result: SetupResult,
  canvas: Canvas,
  settings: { stage: string; local: boolean },
): string {
  const blocks: string[] = [];
  if (result.outcome === 'planned')
    blocks.push(
      renderChanges(result.changes, canvas),
      'This was a dry run: nothing was changed, nothing was written.',
    );
  const wrong = result.findings.filter((finding) => isWrong(finding, result));
  blocks.push(...wrong.map((finding) => renderFinding(finding, canvas)));
  if (result.outcome === 'changed' || result.outcome === 'unchanged' || result.checkout) {
    blocks.push(renderPipeline(paymentPath(result.findings), canvas));
    if (result.checkout) blocks.push(renderCheckout(result.checkout, canvas));
  }
  blocks.push(closing(result, canvas, settings));
  return blocks.filter((block) => block !== '').join('\n\n');
}

function isWrong(finding: Finding, result: SetupResult): boolean {
  if (result.outcome === 'planned') return result.forPerson.includes(finding);
  if (finding.outcome === 'fail' || finding.outcome === 'unknown') return result.error === null;
  return result.forPerson.includes(finding);
}

function closing(
  result: SetupResult,
  canvas: Canvas,
  { stage, local }: { stage: string; local: boolean },
): string {
  const made = result.changes.length;
  if (result.outcome === 'declined') return 'Declined: nothing was changed.';
  if (result.outcome === 'unchanged')
    return [
      canvas.ink('bold', `Stage ${stage} was set up already: nothing was changed.`),
      nextSteps(canvas, local),
    ].join('\n\n');
  if (result.outcome === 'changed')
    return [
      canvas.ink('bold', `Stage ${stage} is set up: ${made} change${made === 1 ? '' : 's'} made.`),
      nextSteps(canvas, local),
    ].join('\n\n');
  if (result.outcome === 'planned') return '';
  const stands =
    made > 0
      ? ` ${made} change${made === 1 ? ' was' : 's were'} made and stand${made === 1 ? 's' : ''}.`
      : ' Nothing was changed.';
  return `Stage ${stage} is not set up yet.${stands} Run setup again when the above is put right: it goes on from here.`;
}

function nextSteps(canvas: Canvas, local: boolean): string {
  const suffix = local ? ' --local' : '';
  const steps: [string, string][] = [
    [`cachao checkout${suffix}`, 'prove the path again, at any time'],
    [`cachao setup${suffix}`, 'safe to run again; changes only what is no longer true'],
    ...(local
      ? ([
          ['cachao local', 'watch this local cloud, look into its inbox'],
          ['cachao setup', 'the same on your own AWS and Stripe accounts'],
        ] as [string, string][])
      : []),
  ];
  const width = Math.max(...steps.map(([command]) => command.length));
  return [
    'Next:',
    ...steps.map(([command, what]) => `  ${canvas.ink('cyan', command.padEnd(width))}  ${what}`),
  ].join('\n');
}
