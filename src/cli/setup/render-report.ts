import type { Finding } from '../../core/finding.js';
import type { SetupResult } from '../../setup/setup.js';
import type { Canvas } from '../../terminal/canvas.js';
import { renderFinding } from '../../terminal/findings.js';
import { renderPipeline } from '../../terminal/pipeline.js';
import { renderChanges, renderRepaired } from '../shared/render-changes.js';
import { renderCheckout, renderNext } from '../shared/render-checkout.js';
import { paymentPath } from '../shared/render-path.js';

/** The closing summary of setup: the path drawn, its proof and what is left to a person; or what is wrong, in full. */
export function renderSetup(
  result: SetupResult,
  canvas: Canvas,
  settings: { stage: string; local: boolean; again: string; cost: string | null },
): string {
  const wrong = result.findings
    .filter((finding) => isWrong(finding, result))
    .map((finding) => renderFinding(finding, canvas, { repairedBy: 'this run' }));
  const blocks = isSetUp(result)
    ? [
        ...proof(result, canvas),
        headline(result, canvas, settings.stage),
        ...wrong,
        nextSteps(canvas, settings.local),
      ]
    : [
        ...planned(result, settings.cost, canvas),
        // What is wrong comes last: the end is what stands on the screen.
        ...(result.outcome === 'planned' || result.outcome === 'declined'
          ? []
          : renderRepaired(result.changes, result.findings, canvas, {
              repaired: 'Changed, and holds:',
              notRepaired: 'Changed, and does not hold yet:',
            })),
        ...wrong,
        ...(result.checkout ? [...proof(result, canvas), renderNext(result.checkout, canvas)] : []),
        closing(result, settings, wrong.length > 0, canvas),
      ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

const isSetUp = ({ outcome }: SetupResult): boolean => outcome === 'changed' || outcome === 'unchanged';

function planned({ outcome, changes }: SetupResult, cost: string | null, canvas: Canvas): string[] {
  if (outcome !== 'planned') return [];
  return [
    renderChanges(changes, canvas),
    ...(cost ? [canvas.wrap(cost)] : []),
    'This was a dry run: nothing was changed, nothing was written.',
  ];
}

function proof({ findings, checkout }: SetupResult, canvas: Canvas): string[] {
  return [
    renderPipeline(paymentPath(findings), canvas),
    ...(checkout ? [renderCheckout(checkout, canvas)] : []),
  ];
}

function isWrong(finding: Finding, result: SetupResult): boolean {
  if (result.outcome === 'planned') return result.forPerson.includes(finding);
  if (finding.outcome === 'fail' || finding.outcome === 'unknown') return result.error === null;
  return result.forPerson.includes(finding);
}

function headline({ outcome, changes }: SetupResult, canvas: Canvas, stage: string): string {
  const made = changes.length;
  return canvas.ink(
    'bold',
    outcome === 'unchanged'
      ? `Stage ${stage} was set up already: nothing was changed.`
      : `Stage ${stage} is set up: ${made} change${made === 1 ? '' : 's'} made.`,
  );
}

/** How a set-up stands that was not finished, and how it goes on. `told`: whether what is wrong stands above. */
function closing(
  { outcome, changes }: SetupResult,
  { stage, again }: { stage: string; again: string },
  told: boolean,
  canvas: Canvas,
): string {
  if (outcome === 'planned') return '';
  const changed = `${changes.length} change${changes.length === 1 ? ' was' : 's were'} made`;
  if (outcome === 'declined')
    return changes.length > 0
      ? `Declined. ${changed} and stand${changes.length === 1 ? 's' : ''}.`
      : 'Declined: nothing was changed.';
  // What holds of them stands above.
  const stands = changes.length > 0 ? `${changed}.` : 'Nothing was changed.';
  const next = told ? 'When the above is fixed, run it again' : 'Run it again';
  return [
    canvas.wrap(`Stage ${stage} is not set up yet. ${stands} ${next}; it continues from here:`),
    `  ${canvas.ink('cyan', again)}`,
  ].join('\n');
}

function nextSteps(canvas: Canvas, local: boolean): string {
  const steps: [string, string][] = [
    ['cachao doctor', 'look at everything that a payment rests on; --fix repairs'],
    ['cachao checkout', 'prove the path again, at any time'],
    ['cachao setup', 'safe to run again; changes only what is no longer true'],
    ...(local
      ? ([['cachao local', 'watch this local cloud, look into its inbox']] as [string, string][])
      : []),
  ];
  const own = local
    ? `\n\nThe same on your own AWS and Stripe accounts:\n  ${canvas.ink('cyan', 'cachao setup')}`
    : '';
  return `Next:\n${canvas.commands(steps)}${own}`;
}
