import { ACCOUNT } from '../../kernel/cloud.js';
import type { Side } from '../side.js';
import { noticeSource } from '../v2/event-destinations/source.js';

/**
 * Hands an event to the destination's partner source. AWS accepts it also while the source is pending, and drops it
 * then; what goes to a foreign account is out of sight. Returns why it was not handed over, else undefined.
 */
export function handToEventBridge(
  side: Side,
  destinationId: string,
  event: { detailType: string; detail: object; time: number },
): string | undefined {
  const found = side.tables.destinations.get(destinationId);
  const destination = found && noticeSource(side, found);
  if (!destination?.eventBridge) return 'is gone';
  if (destination.disabledBecause !== null) return `is disabled: ${destination.disabledBecause}`;
  const { account, arn } = destination.eventBridge;
  if (account === ACCOUNT) side.cloud.port('partnerEvents').putEvent(arn, event);
  return undefined;
}
