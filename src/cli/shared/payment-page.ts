import type { ProgressDisplay } from '../../terminal/progress.js';
import { openInBrowser } from './open-in-browser.js';

export interface PaymentPageOptions {
  display: ProgressDisplay;
  /** Ends what is drawn, under this title. */
  pause(title: string): Promise<void>;
  /** Opens it in the browser too. */
  open: boolean;
}

/** Shows where a person pays: the link once, whole, on a line of its own, so that it can be clicked and copied. */
export function showPaymentPage({
  display,
  pause,
  open,
}: PaymentPageOptions): (url: string) => Promise<void> {
  return async (url) => {
    await pause('Test checkout: the payment page is ready');
    display.say(
      `\nPay here; a test card is 4242 4242 4242 4242 with any date to come and any CVC:\n\n${url}\n`,
    );
    const obstacle = open ? await openInBrowser(url) : undefined;
    if (obstacle !== undefined) display.say(`The browser was not opened: ${obstacle}.\n`);
  };
}
