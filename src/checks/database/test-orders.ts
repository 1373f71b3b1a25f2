import { pass, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { operate, probe } from '../../world/operations.js';
import { leftTestOrders } from '../../world/test-orders.js';
import type { PathCheck } from '../types.js';

export const databaseTestOrders: PathCheck = {
  ...requirement('database.test-orders'),
  needs: ['database.schema'],
  iam: ['cloudformation:DescribeStacks', 'lambda:InvokeFunction'],
  async inspect(world) {
    const left = await leftTestOrders(world);
    if (left.length === 0) return pass('none');
    return warn(`left behind: ${left.join(', ')}`, {
      expected: 'none',
      actual: left.join(', '),
      remedy: {
        text: 'Remove them, each with its ticket; setup and a test checkout do it too.',
        commands: ['cachao doctor --fix'],
        fixable: true,
      },
    });
  },
  async fix(world) {
    // Where nobody can look yet, there is nothing to plan from.
    if (!(await world.stackOutputs()) || !(await probe(world)).schema) return [];
    return (await leftTestOrders(world)).map((orderId) => ({
      check: 'database.test-orders',
      action: 'run',
      resource: 'removal of a test order',
      name: orderId,
      details: ['an interrupted test checkout left it in the orders database'],
      async apply(bench) {
        await operate(bench.world, 'remove-test-order', { orderId });
        bench.world.forget();
      },
    }));
  },
};
