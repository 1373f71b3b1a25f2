import { type Change, KNOWN_AFTER_APPLY, type PlannedChange } from './check.js';

/** The change alone: what is shown and reported. */
export function describeChange<B>(planned: PlannedChange<B>): Change {
  const { check, action, resource, name, details, url } = planned;
  return { check, action, resource, name, details, ...(url === undefined ? {} : { url }) };
}

/**
 * Whether somebody who agreed to the one has agreed to the other. What was not known when they agreed may be anything;
 * what was told may not differ. Several checks may ask for one and the same change.
 */
export function covers(agreed: Change & { provisional?: boolean }, change: Change): boolean {
  return (
    agreed.action === change.action &&
    agreed.resource === change.resource &&
    matches(agreed.name, change.name) &&
    (agreed.provisional === true ||
      change.details.every((detail) => agreed.details.some((told) => matches(told, detail))))
  );
}

function matches(told: string, actual: string): boolean {
  const [start = '', ...rest] = told.split(KNOWN_AFTER_APPLY);
  if (rest.length === 0) return told === actual;
  const end = rest.at(-1) ?? '';
  return actual.startsWith(start) && actual.endsWith(end);
}
