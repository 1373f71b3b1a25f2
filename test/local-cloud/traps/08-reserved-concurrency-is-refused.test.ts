import { GetAccountSettingsCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askAdmin } from '../../support/local-cloud.js';
import { openShop, type Shop } from './shop.js';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop({});
  await shop.createFunction('orders', 'export const handler = async () => {}');
});
afterEach(() => shop.close());

const reserve = (ReservedConcurrentExecutions: number) =>
  shop.functions.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'orders', ReservedConcurrentExecutions }),
  );
const unreserved = async () =>
  (await shop.functions.send(new GetAccountSettingsCommand({}))).AccountLimit?.UnreservedConcurrentExecutions;

it('a hundred executions must stay unreserved', async () => {
  await expect(reserve(901)).rejects.toThrow(
    "decreases account's UnreservedConcurrentExecution below its minimum value of [100]",
  );
  await reserve(900);
  expect(await unreserved()).toBe(100);
});

it('a new account has ten in all, and can reserve none', async () => {
  await askAdmin(shop.cloud, 'lambda-account', 'PUT', { concurrentExecutions: 10 });
  expect(await unreserved()).toBe(10);
  await expect(reserve(1)).rejects.toThrow('below its minimum value of [10]');
});
