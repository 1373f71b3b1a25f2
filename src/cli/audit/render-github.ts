import type { AuditReport } from '../../audit/run.js';

/** Annotations of GitHub Actions: each finding stands at its line in the pull request. */
export function renderGithub({ findings }: AuditReport): string {
  return findings
    .filter((finding) => !finding.muted)
    .map(({ id, outcome, summary, why, remedy, location: { file, line, column } }) => {
      const properties = { file, line, col: column, title: `cachao ${id}` };
      const written = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
      const text = [summary, why, remedy?.text ?? ''].filter((part) => part !== '').join('\n');
      return `::${outcome === 'fail' ? 'error' : 'warning'} ${written.join(',')}::${data(text)}`;
    })
    .join('\n');
}

const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
