import { startDatabase } from '../../../src/local-cloud/database/index.js';

// Serves a database file until it is killed.
const { port } = await startDatabase({ file: process.argv[2] as string, port: 0, password: 'test' });
process.stdout.write(`${JSON.stringify({ port, pid: process.pid })}\n`);
