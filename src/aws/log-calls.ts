import { logCall } from '../core/call-log.js';

/** As far as it is used here, of what every client of the SDK has. */
interface Logged {
  middlewareStack: { add(middleware: Middleware, options: { step: 'initialize'; name: string }): void };
}
type Middleware = (next: Next, context: { commandName?: string }) => Next;
type Next = (args: never) => Promise<{ output: unknown }>;

interface Answered {
  name?: string;
  $metadata?: { httpStatusCode?: number; requestId?: string };
}

/** Tells each of the client's calls to the log, when it has its answer; retries count as one. */
export function logCallsOf<C extends object>(client: C, service: string): C {
  const log: Middleware = (next, { commandName = '' }) => {
    return async (args) => {
      const began = performance.now();
      const tell = ({ $metadata }: Answered, failed?: Answered) =>
        logCall({
          service,
          operation: commandName,
          status: $metadata?.httpStatusCode ?? null,
          durationMs: Math.round(performance.now() - began),
          requestId: $metadata?.requestId ?? null,
          ...(failed ? { error: failed.name ?? 'Error' } : {}),
        });
      try {
        const result = await next(args);
        tell((result.output ?? {}) as Answered);
        return result;
      } catch (error) {
        tell(error as Answered, error as Answered);
        throw error;
      }
    };
  };
  (client as unknown as Logged).middlewareStack.add(log, { step: 'initialize', name: 'cachaoCallLog' });
  return client;
}
