import { unsupported } from '../errors.js';

/** A number as an integer of 10^-scale: `{ units: 1234n, scale: 2 }` is 12.34. */
export interface Decimal {
  units: bigint;
  scale: number;
}

const NUMBER_PREFIX = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?/;

/** Reads a plain decimal (`-12.340`); undefined when the text is anything else. */
export function parseDecimal(text: string): Decimal | undefined {
  const { decimal, length } = decimalPrefix(text);
  return length === text.trimEnd().length && length > 0 ? decimal : undefined;
}

/**
 * The number that MySQL sees in a text: its longest numeric prefix, 0 when there is none. `length` is that prefix's
 * length, so that a caller may insist on the whole text.
 */
export function decimalPrefix(text: string): { decimal: Decimal; length: number } {
  const match = NUMBER_PREFIX.exec(text);
  const [whole, sign = '', integers = '', fraction = '', exponent = '0'] = match ?? [''];
  if (!integers && !fraction) return { decimal: { units: 0n, scale: 0 }, length: 0 };
  const power = Number(exponent);
  // Beyond this no column of ours holds it; refusing the exponent keeps the arithmetic small.
  if (Math.abs(power) > 64) throw unsupported(`the number ${whole.slice(0, 80)}`);
  const units = BigInt(`${integers}${fraction}`) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - power;
  const decimal = scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
  return { decimal, length: whole.length };
}

/** To another scale, rounding half away from zero, as MySQL rounds exact numbers. */
export function rescale({ units, scale }: Decimal, to: number): bigint {
  if (to >= scale) return units * 10n ** BigInt(to - scale);
  const divisor = 10n ** BigInt(scale - to);
  const half = divisor / 2n;
  return (units < 0n ? units - half : units + half) / divisor;
}

export function formatDecimal({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(digits.length - scale)}` : ''}`;
}
