#!/usr/bin/env node
import module from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

// Node 22.8 and later keep compiled code between starts.
module.enableCompileCache?.();
// Before any SDK is imported: none of their notices belongs into this program's output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
process.env.STRIPE_SUPPRESS_NOTICES ??= 'true';
// The Stripe SDK prints a hint on stderr where it finds a coding agent's variables.
delete process.env.CLAUDECODE;
delete process.env.CLAUDE_CODE_CHILD_SESSION;

const { start } = await import('../dist/cli/start.js');
await start({ root: dirname(dirname(fileURLToPath(import.meta.url))), source: null });
