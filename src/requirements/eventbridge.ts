import type { RequirementTable } from './types.js';

/** What must hold for the area `eventbridge`. */
export const EVENTBRIDGE = {
  'eventbridge.archive': {
    severity: 'warn',
    title: "An archive keeps the bus's events for at least 14 days",
    why: 'Stripe cannot send an event to EventBridge again. What the bus received while the rule or the handler was broken can come from an archive.',
  },
  'eventbridge.bus': {
    severity: 'fail',
    item: 11,
    title: "The partner event bus exists and has the source's exact name",
    why: 'Events of a source without its bus are dropped immediately, without an error and without a dead-letter queue; Stripe cannot send them again.',
  },
  'eventbridge.deliveries': {
    severity: 'fail',
    title: 'EventBridge delivers every event that Stripe sends',
    why: "What EventBridge cannot hand to the function goes to the target's dead-letter queue, and when that refuses it too it is lost; a pattern that matches nothing fails nowhere at all.",
  },
  'eventbridge.dlq': {
    severity: 'fail',
    item: 2,
    title: 'Undeliverable events go to a dead-letter queue that allows the rule to send',
    why: "Without it, an event that EventBridge cannot hand over is dropped after its retries; with a queue whose policy does not name the rule it is dropped just the same, and the queue looks healthily empty. The function's own dead-letter queue sees neither.",
  },
  'eventbridge.pattern': {
    severity: 'fail',
    item: 11,
    title: 'The rule matches every handled event type from this source, and nothing else',
    why: 'A pattern that matches nothing is not an error to AWS: the rule is enabled and never fires.',
  },
  'eventbridge.permission': {
    severity: 'fail',
    item: 9,
    title: 'The function allows this rule to invoke it',
    why: 'A rule that may not invoke its target fails for every event with NO_PERMISSIONS, without a single retry.',
  },
  'eventbridge.retry': {
    severity: 'warn',
    item: 3,
    title: 'The target has an explicit retry policy',
    why: 'How long a payment may wait should be a decision. By default EventBridge retries 185 times within 24 hours.',
  },
  'eventbridge.rule': {
    severity: 'fail',
    title: "A rule receives Stripe's events",
    why: 'Without a rule EventBridge drops every event that Stripe sends, and reports nothing.',
  },
  'eventbridge.rule-bus': {
    severity: 'fail',
    item: 11,
    title: 'The rule is on the partner event bus',
    why: "Partner events arrive only on the bus that has their source's name: a rule on the default bus matches nothing, without any error.",
  },
  'eventbridge.rule-description': {
    severity: 'warn',
    item: 7,
    title: 'The rule has a description',
    why: 'Who tidies up an account deletes what does not say what it is for.',
  },
  'eventbridge.rule-enabled': {
    severity: 'fail',
    item: 1,
    title: 'The rule is enabled, explicitly',
    why: 'A disabled rule drops every event, and no alarm on failures rings: nothing fails, nothing happens.',
  },
  'eventbridge.source': {
    severity: 'fail',
    item: 11,
    title: 'The partner event source is visible in this account and region',
    why: 'Stripe hands its events to this source; until it is here there is nothing that a bus could be associated with.',
  },
  'eventbridge.source-active': {
    severity: 'fail',
    item: 11,
    title: 'The partner event source is active',
    why: 'A source that is pending or deactivated accepts events from Stripe and drops them.',
  },
  'eventbridge.target': {
    severity: 'fail',
    title: "The rule's target is the handler, and the handler exists",
    why: 'A rule without a target drops what it matches; one with another target settles no order.',
  },
} as const satisfies RequirementTable;
