/** A number as an integer of 10^-scale: `{ units: 1234n, scale: 2 }` is 12.34. */
export interface Decimal {
  units: bigint;
  scale: number;
}

/** To another scale, rounding half away from zero, as MySQL rounds exact numbers. */
export function rescale({ units, scale }: Decimal, to: number): bigint {
  if (to >= scale) return units * 10n ** BigInt(to - scale);
  const divisor = 10n ** BigInt(scale - to);
  const half = divisor / 2n;
  return (units < 0n ? units - half : units + half) / divisor;
}

/** The largest number of 10^-scale that is not above it, in units of that scale. */
export function floor({ units, scale }: Decimal, to: number): bigint {
  if (to >= scale) return units * 10n ** BigInt(to - scale);
  const divisor = 10n ** BigInt(scale - to);
  const quotient = units / divisor;
  return units < 0n && quotient * divisor !== units ? quotient - 1n : quotient;
}

export function formatDecimal({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(digits.length - scale)}` : ''}`;
}
