// biome-ignore lint/suspicious/noExplicitAny: any async method, whatever its arguments
type Reads = Record<string, (...args: any[]) => Promise<unknown>>;

/** Memoised reads: each distinct call is made once and its promise shared, until it is forgotten. */
export type Memoised<T> = T & {
  /** Forgets every read, or those of one method. */
  forget(method?: keyof T & string): void;
};

/**
 * Wraps a service's reads so that many checks asking the same thing cause one call.
 * A failed read is forgotten, so that asking again later looks again.
 */
export function memoise<T extends object>(reads: T): Memoised<T> {
  const kept = new Map<string, Map<string, Promise<unknown>>>();
  const forget = (method?: string) => (method ? kept.delete(method) : kept.clear());
  return new Proxy(reads, {
    get(target, name) {
      if (name === 'forget') return forget;
      const method = (target as Reads)[name as string];
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) =>
        once(kept, name as string, JSON.stringify(args), () => method.apply(target, args));
    },
  }) as Memoised<T>;
}

function once(
  kept: Map<string, Map<string, Promise<unknown>>>,
  method: string,
  key: string,
  read: () => Promise<unknown>,
) {
  let calls = kept.get(method);
  if (!calls) {
    calls = new Map();
    kept.set(method, calls);
  }
  const known = calls.get(key);
  if (known) return known;
  const promise = read();
  calls.set(key, promise);
  promise.catch(() => calls.get(key) === promise && calls.delete(key));
  return promise;
}
