import { type Canvas, columns } from '../../terminal/canvas.js';

/** The one table of exit codes, for the help. */
export const EXIT_CODES: Readonly<Record<string, string>> = {
  '0': 'healthy, or done',
  '1': 'a problem was found or remains, or the plan was declined',
  '2': 'wrong usage',
  '3': 'could not check: credentials, network, time-out',
  '4': 'an answer is needed and there is no terminal to ask on',
  '130': 'interrupted',
};

export function section(title: string, body: string, canvas: Canvas): string {
  return `${canvas.ink('bold', title)}\n${body}`;
}

/** Two columns; a left side that is too wide stands on a line of its own. */
export function rows(
  pairs: readonly (readonly [string, string])[],
  canvas: Canvas,
  width = Math.min(28, Math.max(0, ...pairs.map(([left]) => columns(left)))),
): string {
  const indent = ' '.repeat(2 + width + 2);
  return pairs
    .map(([left, right]) =>
      columns(left) > width
        ? `  ${left}\n${canvas.wrap(right, indent)}`
        : canvas.wrap(right, `  ${canvas.pad(left, width)}  `, indent),
    )
    .join('\n');
}
