import { databaseParameterName } from '../../../handlers/contract/environment.js';
import { fail, pass, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { probe } from '../../world/operations.js';
import type { PathCheck } from '../types.js';

export const databaseTls: PathCheck = {
  ...requirement('database.tls'),
  otherwise: 'the stage is live, or the database cannot be reached',
  needs: ['database.reachable'],
  iam: ['cloudformation:DescribeStacks', 'lambda:InvokeFunction'],
  timeoutMs: 60_000,
  async inspect(world) {
    const { database } = await probe(world);
    if (!database.reachable) return fail(`the function cannot reach it: ${database.message}`);
    if (database.tls === 'verified') return pass('TLS, verified');
    if (database.local) return pass('the embedded database, on this machine only');
    const live = world.settings.mode === 'live';
    return (live ? fail : warn)('the connection is not encrypted', {
      expected: 'TLS, verified',
      actual: 'no TLS',
      remedy: {
        // No command to copy: where the server has no TLS yet, it would end in no connection at all.
        text: `Give the server a certificate that the function knows, as RDS has. Then store its URL without ?tls=off in ${databaseParameterName(world.settings.stage)}: cachao setup --database URL`,
        commands: [],
        fixable: false,
      },
    });
  },
};
