import type { Change } from './check.js';
import type { Finding } from './finding.js';
import type { ReportError } from './report.js';
import type { Scope } from './scope.js';

/** Commands by which checks name what a machine can do. */
const MAKERS = ['cachao setup', 'cachao deploy', 'cachao doctor --fix'];

/**
 * Findings whose commands can be run as they stand, from where this run was started. `repair` is the command for all
 * that a machine can put right; null: this run is it.
 */
export function qualifyFindings(
  findings: readonly Finding[],
  scope: Scope,
  repair?: string | null,
): Finding[] {
  return findings.map((found) => {
    const finding = scope.hasConsoles ? found : withoutLinks(found);
    const { remedy } = finding;
    if (!remedy) return finding;
    const others = remedy.commands.filter((command) => !MAKERS.includes(command));
    const makers = repair ? [repair] : [];
    const commands = repair !== undefined && remedy.fixable ? [...makers, ...others] : remedy.commands;
    return {
      ...finding,
      remedy: {
        ...remedy,
        text: scope.prose(remedy.text),
        commands: commands.map((command) => scope.command(command)),
      },
    };
  });
}

const unlinked = <T extends { url?: string }>({ url: _url, ...rest }: T) => rest;

/** Changes with links only where there is a console that knows what they changed. */
export function changesAsTyped(changes: readonly Change[], scope: Scope): Change[] {
  return scope.hasConsoles ? [...changes] : changes.map((change) => unlinked(change));
}

/** The consoles of real accounts know nothing of the local clouds. */
function withoutLinks(finding: Finding): Finding {
  const { evidence, remedy } = finding;
  return { ...finding, evidence: evidence.map(unlinked), remedy: remedy && unlinked(remedy) };
}

/** The error with commands that can be run as they stand. */
export function qualifyError(error: ReportError, scope: Scope): ReportError {
  return {
    ...error,
    why: error.why && scope.prose(error.why),
    next: error.next.map((step) => scope.prose(step)),
  };
}
