import type { DeployResult } from '../../deploy/deploy.js';
import type { ManualChange } from '../../deploy/drift.js';
import type { Canvas } from '../../terminal/canvas.js';
import { renderFinding } from '../../terminal/findings.js';
import { renderChanges } from '../shared/render-changes.js';

/** What stands on stdout at the end of `deploy`: what is wrong in full, what was or would be changed, what to do next. */
export function renderDeploy(result: DeployResult, canvas: Canvas, settings: { stack: string }): string {
  const wrong = result.findings.filter(
    ({ outcome }) => outcome === 'fail' || outcome === 'unknown' || outcome === 'warn',
  );
  return [
    ...wrong.map((finding) => renderFinding(finding, canvas)),
    ...(result.changes.length > 0 && result.outcome !== 'changed'
      ? [renderChanges(result.changes, canvas)]
      : []),
    ...(result.outcome === 'planned' && result.handMade.length > 0
      ? [renderHandMade(result.handMade, canvas)]
      : []),
    ...(result.driftUnknown === null ? [] : [renderDriftUnknown(result.driftUnknown, canvas)]),
    closing(result, canvas, settings),
  ].join('\n\n');
}

/** The warning before hand-made changes are overwritten. */
export function renderHandMade(handMade: readonly ManualChange[], canvas: Canvas): string {
  const lines = handMade.map(({ logicalId, type, differences, overwritten }) =>
    [
      canvas.wrap(
        `${canvas.ink('bold', type)} ${logicalId}${overwritten ? ` ${canvas.ink('red', 'MAY BE OVERWRITTEN')}` : ' (not touched)'}`,
        `${canvas.ink('yellow', canvas.symbols.warn)} `,
        '  ',
      ),
      ...differences.map((difference) => canvas.wrap(difference, '      ', '        ')),
    ].join('\n'),
  );
  return [canvas.ink('bold', 'Changed by hand since the last deployment:'), ...lines].join('\n');
}

export function renderDriftUnknown(reason: string, canvas: Canvas): string {
  return canvas.wrap(
    `Drift of part of the stack could not be detected: ${reason}`,
    `${canvas.ink('yellow', canvas.symbols.warn)} `,
    '  ',
  );
}

function closing(result: DeployResult, canvas: Canvas, { stack }: { stack: string }): string {
  const { outcome, changeSet, changes } = result;
  if (outcome === 'unchanged')
    return canvas.ink('bold', `${stack} is what this checkout and these settings say: nothing to deploy.`);
  if (outcome === 'changed')
    return canvas.ink(
      'bold',
      `${stack} is deployed: ${changes.length} resource${changes.length === 1 ? '' : 's'} changed.`,
    );
  if (changeSet && !changeSet.executed) return kept(changeSet, canvas);
  if (outcome === 'planned')
    return changes.length === 0
      ? `${stack} is what this checkout and these settings say.`
      : 'This was a dry run: nothing was changed, nothing was uploaded. CloudFormation itself was not asked; only its change set knows what is replaced.';
  return `The stack was not deployed. What it rests on is made by: ${canvas.command('cachao setup')}`;
}

function kept({ stack, name }: { stack: string; name: string }, canvas: Canvas): string {
  const aws = (verb: string) => `aws cloudformation ${verb} --stack-name ${stack} --change-set-name ${name}`;
  const line = (what: string, command: string) => `  ${what}\n    ${canvas.command(command)}`;
  return [
    canvas.ink('bold', `The change set ${name} waits; the stack was not changed.`),
    line('Execute it:', aws('execute-change-set')),
    line('Discard it:', aws('delete-change-set')),
    line('Or make a new one, which replaces it, and execute that:', 'cachao deploy'),
  ].join('\n');
}
