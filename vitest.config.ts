import os from 'node:os';
import { defineConfig } from 'vitest/config';
import LongFirst from './test/support/long-first.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/support/summary-reporter.ts'],
    slowTestThreshold: 10_000,
    sequence: { sequencer: LongFirst },
    globalSetup: ['test/support/run-setup.ts'],
    setupFiles: ['test/support/leave-nothing.ts'],
    // One worker runs many files: what they import is loaded once, and set-up worlds are shared.
    isolate: false,
    // A busy machine is not a failure: only what never ends is.
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    // Tests wait for other processes more than they compute: with one worker a core, two cores are idle half the time.
    maxWorkers: Math.max(4, os.availableParallelism()),
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', NO_COLOR: '1' },
  },
});
