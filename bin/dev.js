#!/usr/bin/env node
// Runs the TypeScript as it stands, without a build. The deployed functions still need one: npm run build.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
process.env.STRIPE_SUPPRESS_NOTICES ??= 'true';
delete process.env.CLAUDECODE;
delete process.env.CLAUDE_CODE_CHILD_SESSION;

register();
const { start } = await import('../src/cli/app/start.ts');
await start({ root: dirname(dirname(fileURLToPath(import.meta.url))), source: './commands' });
