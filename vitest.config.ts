import os from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A busy machine is not a failure: only what never ends is.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Most of the time is spent waiting for other processes, so one worker a core keeps the cores busy.
    maxWorkers: Math.max(2, os.availableParallelism()),
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', NO_COLOR: '1' },
  },
});
