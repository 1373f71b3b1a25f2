import type { LoggingConfig } from '../function-record.js';
import type { Verdict } from './failures.js';

/** What Lambda measured of one invocation. */
export interface Measured {
  requestId: string;
  /** Milliseconds. */
  duration: number;
  /** Milliseconds; of a cold start only. */
  initDuration?: number;
  memorySize: number;
  memoryUsed: number;
  traceId: string;
  sampled: boolean;
}

const SEVERITY: Record<string, number> = { DEBUG: 0, INFO: 1, WARN: 2 };

/** The lines that Lambda writes around a function's own, in the function's format. */
export class PlatformLog {
  constructor(private readonly logging: LoggingConfig) {}

  start(requestId: string, time: string): string[] {
    if (this.logging.LogFormat === 'Text') return [`START RequestId: ${requestId} Version: $LATEST\n`];
    return this.at('INFO', time, 'platform.start', { requestId, version: '$LATEST' });
  }

  initError(failure: { errorType: string }, duration: number, time: string): string[] {
    if (this.logging.LogFormat === 'Text')
      return [
        `INIT_REPORT Init Duration: ${duration.toFixed(2)} ms\tPhase: init\tStatus: error\tError Type: ${failure.errorType}\n`,
      ];
    return this.at('WARN', time, 'platform.initReport', {
      initializationType: 'on-demand',
      phase: 'init',
      status: 'error',
      errorType: failure.errorType,
      metrics: { durationMs: round(duration) },
    });
  }

  /** What ended the invocation from outside the code: a timeout, an exit. */
  fault(line: string): string[] {
    return this.logging.LogFormat === 'Text' ? [line] : [];
  }

  end(verdict: Verdict, measured: Measured, time: string): string[] {
    const { requestId, duration, initDuration, memorySize, memoryUsed } = measured;
    const billed = Math.ceil(duration + (initDuration ?? 0));
    if (this.logging.LogFormat === 'Text') {
      const init = initDuration === undefined ? '' : `Init Duration: ${initDuration.toFixed(2)} ms\t`;
      const status =
        verdict.status === 'success' || (verdict.status === 'error' && verdict.line === undefined)
          ? ''
          : `Status: ${verdict.status}${verdict.status === 'error' ? `\tError Type: ${verdict.failure?.errorType}` : ''}\t`;
      const trace = measured.sampled
        ? `\nXRAY TraceId: ${traceRoot(measured.traceId)}\tSegmentId: ${measured.traceId.slice(-26, -10)}\tSampled: true\t`
        : '';
      return [
        `END RequestId: ${requestId}\n`,
        `REPORT RequestId: ${requestId}\tDuration: ${duration.toFixed(2)} ms\tBilled Duration: ${billed} ms\tMemory Size: ${memorySize} MB\tMax Memory Used: ${memoryUsed} MB\t${init}${status}${trace}\n`,
      ];
    }
    const metrics = {
      durationMs: round(duration),
      billedDurationMs: billed,
      memorySizeMB: memorySize,
      maxMemoryUsedMB: memoryUsed,
      ...(initDuration !== undefined && { initDurationMs: round(initDuration) }),
    };
    const severity = verdict.status === 'success' ? 'INFO' : 'WARN';
    const errorType = verdict.failure && { errorType: verdict.failure.errorType };
    return [
      ...this.at('DEBUG', time, 'platform.runtimeDone', { requestId, status: verdict.status, ...errorType }),
      ...this.at(severity, time, 'platform.report', {
        requestId,
        metrics,
        status: verdict.status,
        ...errorType,
      }),
    ];
  }

  private at(severity: string, time: string, type: string, record: object): string[] {
    const lowest = SEVERITY[this.logging.SystemLogLevel ?? 'INFO'] ?? 1;
    return (SEVERITY[severity] ?? 1) >= lowest ? [JSON.stringify({ time, type, record })] : [];
  }
}

function traceRoot(traceId: string): string {
  return /Root=([^;]+)/.exec(traceId)?.[1] ?? '';
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
