const SUPPORTED = new Set(
  (
    'usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf ' +
    'clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils ' +
    'inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk ' +
    'mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp ' +
    'sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw'
  ).split(' '),
);

const WITHOUT_MINOR = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf'.split(' '));
const THOUSANDTHS = new Set('bhd jod kwd omr tnd'.split(' '));

/** Least amount of a charge, in minor units, for the currencies in which Stripe publishes one. */
const LEAST: Record<string, number> = {
  ...{ usd: 50, aud: 50, brl: 50, cad: 50, chf: 50, eur: 50, inr: 50, nzd: 50, sgd: 50, aed: 200, bgn: 100 },
  ...{ czk: 1500, dkk: 250, gbp: 30, hkd: 400, huf: 17500, jpy: 50, mxn: 1000, myr: 200, nok: 300, pln: 200 },
  ...{ ron: 200, sek: 300, thb: 1000 },
};

export function isCurrency(code: string): boolean {
  return SUPPORTED.has(code);
}

/** 0 when the currency has no published least amount. */
export function leastCharge(currency: string): number {
  return LEAST[currency] ?? 0;
}

/** `€15.00`: an amount in minor units, for people. */
export function formatAmount(amount: number, currency: string): string {
  const digits = WITHOUT_MINOR.has(currency) ? 0 : THOUSANDTHS.has(currency) ? 3 : 2;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat('en', { style: 'currency', currency, ...options }).format(
    amount / 10 ** digits,
  );
}
