import { skipped } from '../core/finding.js';

/** What a check of the deployed path says while nothing is deployed: a reason to skip, not a failure of its own. */
export const NOT_DEPLOYED = skipped('nothing is deployed yet');
