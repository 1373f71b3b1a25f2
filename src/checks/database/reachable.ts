import { databaseParameterName } from '../../../handlers/contract/environment.js';
import { fail, pass } from '../../core/finding.js';
import { probe } from '../../world/operations.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import { notOurs } from '../not-ours.js';
import type { PathCheck } from '../types.js';

export const databaseReachable: PathCheck = {
  id: 'database.reachable',
  title: "The handler's own functions reach the orders database",
  area: 'database',
  severity: 'fail',
  item: 9,
  needs: ['account.aws-region', 'secret.database'],
  iam: ['cloudformation:DescribeStacks', 'lambda:InvokeFunction'],
  why: 'A handler that cannot reach the database fails for every payment until the events land in the dead-letter queue.',
  timeoutMs: 60_000,
  async inspect(world) {
    const foreign = notOurs(world);
    if (foreign) return foreign;
    if (!(await world.stackOutputs())) return NOT_DEPLOYED;
    const { database } = await probe(world);
    if (database.reachable) return pass(`${database.version}, ${database.latencyMs} ms from the function`);
    return fail(`the function cannot reach it: ${database.message}`, {
      expected: 'a connection',
      actual: database.code,
      remedy: {
        text: `Check host, user and password in ${databaseParameterName(world.settings.stage)} (setup stores them anew), the security group of the database, and the subnets of the function if the database is inside a VPC.`,
        commands: ['cachao setup'],
        fixable: false,
      },
    });
  },
};
