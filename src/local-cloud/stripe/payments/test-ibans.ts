/** Stripe's SEPA test accounts of a few countries, by what becomes of the debit. */
const IBANS: Record<string, string> = {
  AT611904300234573201: 'settles',
  AT321904300235473204: 'settles-late',
  AT861904300235473202: 'fails',
  AT051904300235473205: 'fails-late',
  DE89370400440532013000: 'settles',
  DE08370400440532013003: 'settles-late',
  DE62370400440532013001: 'fails',
  DE78370400440532013004: 'fails-late',
  FR1420041010050500013M02606: 'settles',
  FR3020041010050500013M02609: 'settles-late',
  FR8420041010050500013M02607: 'fails',
  FR7920041010050500013M02600: 'fails-late',
  IT40S0542811101000000123456: 'settles',
  IT60X0542811101000000123456: 'fails',
  IE29AIBK93115212345678: 'settles',
  IE24AIBK93115212345671: 'settles-late',
  IE02AIBK93115212345679: 'fails',
  IE94AIBK93115212345672: 'fails-late',
};

export interface TestIban {
  country: string;
  last4: string;
  outcome: string;
}

/** An IBAN without spaces, in capitals. */
export function normalIban(text: string): string {
  return text.replaceAll(/\s/g, '').toUpperCase();
}

export function testIban(iban: string): TestIban | undefined {
  const outcome = Object.hasOwn(IBANS, iban) ? IBANS[iban] : undefined;
  return outcome === undefined ? undefined : { country: iban.slice(0, 2), last4: iban.slice(-4), outcome };
}

/** ISO 13616's check: the rearranged number is 1 modulo 97. */
export function isIban(iban: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return false;
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
