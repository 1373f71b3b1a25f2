/** How the local bank answers a payment. */
export interface Outcome {
  /** Refused at once, with Stripe's codes; absent when it goes through or is still to be settled. */
  decline?: { code: string; decline_code?: string; message: string };
  /** A delayed method: settled after this many simulated milliseconds. */
  settles?: { afterMs: number; succeeds: boolean };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const DECLINES: Record<string, NonNullable<Outcome['decline']>> = {
  generic: declined('generic_decline', 'Your card was declined.'),
  insufficient_funds: declined('insufficient_funds', 'Your card has insufficient funds.'),
  lost_card: declined('lost_card', 'Your card was declined.'),
  stolen_card: declined('stolen_card', 'Your card was declined.'),
  expired_card: { code: 'expired_card', message: 'Your card has expired.' },
  incorrect_cvc: { code: 'incorrect_cvc', message: "Your card's security code is incorrect." },
  processing_error: {
    code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  },
  fraudulent: declined('fraudulent', 'Your card was declined.'),
};

/** The outcome that a payment method record names. */
export function outcomeOf(name: string): Outcome {
  if (name === 'succeeds') return {};
  if (name === 'settles') return { settles: { afterMs: 5 * SECOND, succeeds: true } };
  if (name === 'settles-late') return { settles: { afterMs: 3 * MINUTE, succeeds: true } };
  if (name === 'fails') return { settles: { afterMs: 5 * SECOND, succeeds: false } };
  if (name === 'fails-late') return { settles: { afterMs: 3 * MINUTE, succeeds: false } };
  const decline = DECLINES[name];
  if (!decline) throw new Error(`there is no payment outcome ${name}`);
  return { decline };
}

function declined(decline_code: string, message: string): NonNullable<Outcome['decline']> {
  return { code: 'card_declined', decline_code, message };
}
