import { ACCOUNT } from '../../../kernel/cloud.js';
import type { Side } from '../../side.js';
import type { DestinationRecord } from '../../tables.js';
import { reindex } from './index-lag.js';

/** AWS deletes a source that nobody associated within this time (FACTS: Stripe says 7 days). */
const FOREIGN_SOURCE_MS = 7 * 24 * 60 * 60 * 1000;

type SourceStatus = 'active' | 'deleted' | 'pending' | 'unknown';

/** Makes the partner source that the destination sends through, and returns its ARN. */
export function createSource(side: Side, region: string, account: string, id: string): string {
  const name = `aws.partner/stripe.com/${id}`;
  // Stripe cannot see whether an account is the right one: in a foreign account the source appears where nobody looks.
  if (account !== ACCOUNT) return `arn:aws:events:${region}::event-source/${name}`;
  return side.cloud.port('partnerEvents').createSource(region, account, name);
}

export function deleteSource(side: Side, destination: DestinationRecord): void {
  const { eventBridge } = destination;
  if (eventBridge?.account === ACCOUNT) side.cloud.port('partnerEvents').deleteSource(eventBridge.arn);
}

export function sourceStatus(side: Side, destination: DestinationRecord): SourceStatus {
  const { eventBridge, createdMs } = destination;
  if (!eventBridge) return 'unknown';
  if (eventBridge.account !== ACCOUNT)
    return side.cloud.clock.now() < createdMs + FOREIGN_SOURCE_MS ? 'pending' : 'deleted';
  const status = side.cloud.port('partnerEvents').sourceStatus(eventBridge.arn);
  return status === 'gone' ? 'deleted' : status;
}

/** Disables the destination when AWS no longer has its source; the destination never recovers from that. */
export function noticeSource(side: Side, destination: DestinationRecord): DestinationRecord {
  if (!destination.eventBridge || destination.disabledBecause === 'no_aws_event_source_exists')
    return destination;
  if (sourceStatus(side, destination) !== 'deleted') return destination;
  const disabled: DestinationRecord = {
    ...destination,
    disabledBecause: 'no_aws_event_source_exists',
    updatedMs: side.cloud.clock.now(),
  };
  side.tables.destinations.set(disabled.id, disabled);
  reindex(side, disabled.id);
  side.cloud.tell('stripe', `${disabled.id} disabled: no_aws_event_source_exists`);
  return disabled;
}

/** Follows what happens to the sources in AWS, and catches up with what happened while nobody looked. */
export function watchSources(side: Side): void {
  for (const destination of side.tables.destinations.values()) noticeSource(side, destination);
  side.cloud.port('partnerEvents').onChange((arn) => {
    for (const destination of side.tables.destinations.values())
      if (destination.eventBridge?.arn === arn) noticeSource(side, destination);
    side.cloud.store.flush();
  });
}
