import { afterAll, vi } from 'vitest';

/** Test files share a worker: none leaves a clock that stands still, a variable or a mock to those after it. */
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
