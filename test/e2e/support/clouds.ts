import type { TestCloud } from '../../support/local-cloud.js';

/** What a user would export to point the real commands at another AWS and Stripe. */
export function environmentFor(cloud: TestCloud): Record<string, string> {
  return { ...cloud.environment, CACHAO_CREATE_SHOP_TABLES: 'true', CACHAO_STAGE: 'dev' };
}
