import type { RotateResult } from '../../rotation/rotate.js';
import type { Canvas } from '../../terminal/canvas.js';
import { renderChanges } from '../shared/render-changes.js';
import { renderCheckout } from '../shared/render-checkout.js';

/** What stands on stdout at the end of `rotate-secret`. */
export function renderRotation(
  { outcome, changes, rotation, checkout }: RotateResult,
  canvas: Canvas,
  { stage }: { stage: string },
): string {
  if (outcome === 'declined') return 'Declined: nothing was changed.';
  if (outcome === 'planned')
    return `${renderChanges(changes, canvas)}\n\nThis was a dry run: nothing was changed.`;
  return [
    ...(checkout ? [renderCheckout(checkout, canvas)] : []),
    canvas.ink(
      'bold',
      canvas.wrap(
        `The signing secret of stage ${stage} is a new one: ${rotation.to} took the place of ${rotation.from.join(', ')}.`,
      ),
    ),
  ].join('\n\n');
}
