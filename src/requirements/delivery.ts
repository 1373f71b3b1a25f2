import type { RequirementTable } from './types.js';

/** What must hold for the area `delivery`. */
export const DELIVERY = {
  'delivery.awaited': {
    severity: 'fail',
    title: 'No payment that was pending has arrived without its order being paid',
    why: 'After a capture, or when the second event of a delayed method was lost, the money is there and no further event of the session says so: the order stays pending.',
  },
  'delivery.complete': {
    severity: 'fail',
    title: 'Every handled Stripe event is in the ledger',
    why: 'While a source is pending or its bus is gone, AWS accepts events and drops them: no queue and no alarm sees them, and Stripe cannot send them to EventBridge again. Only comparing tells.',
  },
  'delivery.paid': {
    severity: 'fail',
    title: 'Orders are paid exactly where Stripe was paid',
    why: 'A customer who paid and has no ticket, or a ticket that nobody paid for: both look fine in every metric.',
  },
  'delivery.paths': {
    severity: 'fail',
    title: 'Every configured path delivers every handled event',
    why: 'A healthy webhook hides a dead EventBridge path, and the other way round: every order is paid, until the one path that is left fails too.',
  },
  'delivery.single-handler': {
    severity: 'fail',
    title: 'No other handler processes the same payments',
    why: 'Two handlers that do not know of each other would each mark the order paid, count the ticket sold and send the mail.',
  },
} as const satisfies RequirementTable;
