import { databaseParameterName } from '../../../handlers/contract/environment.js';
import { fail, pass } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { probe } from '../../world/operations.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import { notOurs } from '../not-ours.js';
import type { PathCheck } from '../types.js';
import { connectionRemedy } from './remedy.js';

export const databaseReachable: PathCheck = {
  ...requirement('database.reachable'),
  needs: ['account.aws-region', 'secret.database'],
  iam: ['cloudformation:DescribeStacks', 'lambda:InvokeFunction'],
  timeoutMs: 60_000,
  async inspect(world) {
    const foreign = notOurs(world);
    if (foreign) return foreign;
    if (!(await world.stackOutputs())) return NOT_DEPLOYED;
    const { database } = await probe(world);
    if (database.reachable) return pass(`${database.version}, ${database.latencyMs} ms from the function`);
    return fail(`the function cannot reach it: ${database.message}`, {
      expected: 'a connection',
      actual: database.reason ?? database.code,
      remedy: {
        text: `${connectionRemedy(database)} The address is in ${databaseParameterName(world.settings.stage)}; setup stores it again.`,
        commands: ['cachao setup'],
        fixable: false,
      },
    });
  },
};
