import type { StripeSession } from './session.js';

export interface StripeAccount {
  id: string;
  name: string | null;
  country: string | null;
  defaultCurrency: string | null;
}

export interface StripeBalance {
  livemode: boolean;
  /** How far this machine's clock is ahead of Stripe's, to a second or two; null when the answer bore no date. */
  clockAheadMs: number | null;
}

export function accountReads(session: StripeSession) {
  return {
    /** The account that the key belongs to. Permission: `connected_account_read`. */
    account(): Promise<StripeAccount> {
      return session.call('GET /v1/account', async (stripe) => {
        const account = await stripe.accounts.retrieveCurrent();
        return {
          id: account.id,
          name: account.settings?.dashboard?.display_name ?? account.business_profile?.name ?? null,
          country: account.country ?? null,
          defaultCurrency: account.default_currency ?? null,
        };
      });
    },
    /** The mode that the key really works in: the account object does not say. Permission: `balance_read`. */
    balance(): Promise<StripeBalance> {
      return session.call('GET /v1/balance', async (stripe) => {
        const balance = await stripe.balance.retrieve();
        const date = Date.parse(balance.lastResponse.headers.date ?? '');
        return {
          livemode: balance.livemode,
          // The header is cut to whole seconds: its middle is the better guess.
          clockAheadMs: Number.isNaN(date) ? null : Date.now() - (date + 500),
        };
      });
    },
  };
}
