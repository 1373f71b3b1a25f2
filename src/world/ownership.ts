import type { Settings } from '../config/settings.js';

const MANAGED_BY = 'cachao';

/** Metadata key on a destination that a person made and that this stage took over: it is never deleted by us. */
export const ADOPTED = 'cachao_adopted';

/** How we find our own things on Stripe again: there is no state file, identity lives in metadata. */
export function stripeMetadata(settings: Settings): Record<string, string> {
  return { managed_by: MANAGED_BY, cachao_stage: settings.stage, cachao_stack: settings.stack.name };
}

/** The same on AWS. */
export function awsTags(settings: Settings): Record<string, string> {
  return { ManagedBy: MANAGED_BY, 'cachao:stage': settings.stage, 'cachao:stack': settings.stack.name };
}

/** Whether Stripe metadata says that a thing belongs to this very stage. */
export function isOurs(metadata: Record<string, string>, settings: Settings): boolean {
  return Object.entries(stripeMetadata(settings)).every(([key, value]) => metadata[key] === value);
}

/** Whether it belongs to some stage of cachao's, perhaps another one. */
export function isOfAnyStage(metadata: Record<string, string>): boolean {
  return metadata.managed_by === MANAGED_BY;
}

/** Whether AWS tags say that a thing belongs to this very stage. */
export function isTaggedOurs(tags: Record<string, string> | undefined, settings: Settings): boolean {
  return Object.entries(awsTags(settings)).every(([key, value]) => tags?.[key] === value);
}
