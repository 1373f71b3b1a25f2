import { ERROR_ENTRIES } from '../../core/error-codes/entries.js';

/** The page of every error code, in the order of the alphabet. */
export function errorCodesPage(): string {
  const entries = Object.entries(ERROR_ENTRIES).sort(([one], [other]) => (one < other ? -1 : 1));
  const parts = entries.map(([code, { what, why, next, example }]) =>
    [`## ${code}`, what, `**Why:** ${why}`, `**What to do:** ${next}`, `\`\`\`text\n${example}\n\`\`\``].join(
      '\n\n',
    ),
  );
  const intro =
    'Written by `npm run generate`; `cachao explain CODE` shows the same, without a network. Each error has one of these codes, in its text and as `error.code` in `--json`. The code is stable; the message is not.';
  return `${['# Error codes', intro, ...parts].join('\n\n')}\n`;
}
