import type { Requirement } from '../../core/requirement.js';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

export interface SarifRun {
  /** `cachao doctor`. */
  tool: string;
  version: string;
  rules: readonly object[];
  exitCode: number;
  executionSuccessful: boolean;
  /** What could not be done. */
  notifications: readonly object[];
  results: readonly object[];
  /** More properties of the run. */
  more?: Record<string, unknown>;
}

export interface SarifResult {
  id: string;
  /** Ids in the order of the run's rules. */
  rules: readonly { id: string }[];
  outcome: string;
  message: string;
  physicalLocation: object;
  /** The thing's name within its stage or template. */
  logicalName: string;
  /** The same problem with the same fingerprint stays one alert. */
  fingerprint: string;
  muted: { kind: 'external' | 'inSource'; reason: string } | null;
}

/** One run as a SARIF 2.1.0 log. */
export function writeSarif(run: SarifRun): string {
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: run.tool, semanticVersion: run.version, rules: run.rules } },
        ...run.more,
        invocations: [
          {
            executionSuccessful: run.executionSuccessful,
            exitCode: run.exitCode,
            toolExecutionNotifications: run.notifications,
          },
        ],
        results: run.results,
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

/** A rule, and the command that explains it. */
export function sarifRule(
  { id, title, why, severity, area }: Omit<Requirement, 'item'>,
  command: string,
  tags: readonly string[] = [],
) {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n\n${command}` },
    defaultConfiguration: { level: severity === 'fail' ? 'error' : 'warning' },
    properties: { tags: ['cachao', area, ...tags] },
  };
}

export function sarifResult({ id, rules, outcome, message, muted, ...place }: SarifResult) {
  return {
    ruleId: id,
    ruleIndex: rules.findIndex((rule) => rule.id === id),
    kind: 'fail',
    level: outcome === 'fail' ? 'error' : 'warning',
    message: { text: message },
    locations: [
      {
        physicalLocation: place.physicalLocation,
        logicalLocations: [{ fullyQualifiedName: place.logicalName, kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'cachaoFinding/v1': place.fingerprint },
    ...(muted
      ? { suppressions: [{ kind: muted.kind, status: 'accepted', justification: muted.reason }] }
      : {}),
  };
}
