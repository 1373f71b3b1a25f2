/** A cloud in a process of its own, for tests that kill it: prints its address, keeps its state in the given directory. */
import { runLocalCloud } from '../../../src/local-cloud/run.js';

const running = await runLocalCloud({ directory: process.argv[2] as string });
process.stdout.write(`${running.aws}\n`);
