import { type Decimal, rescale } from './decimal.js';

/**
 * What MariaDB makes of a text where a number is wanted: the number of its longest numeric prefix. It has three ways of
 * reading, for exact numbers, for whole ones and for doubles; they differ in blanks after the exponent's `e`, in rounding
 * and in what is too large. Measured on MariaDB 10.11; `test/local-cloud/database/numbers-in-texts.json` is the record.
 */
interface Prefix {
  negative: boolean;
  /** Digits before and after the point. */
  whole: string;
  fraction: string;
  exponent: bigint;
  /** Whether the exponent has a minus, be it before a zero. */
  shrinks: boolean;
  /** Of the prefix with its leading blanks; 0 when the text does not begin with a number. */
  length: number;
}

/** How much of the text was read, so that whoever wants all of it can see what is left. */
export interface ReadNumber<T> {
  value: T;
  /** As in `Prefix`. */
  length: number;
}

/** Blanks as MariaDB sees them: the ASCII ones only. */
const BLANKS = '[\\t-\\r ]*';
const PREFIX = new RegExp(`^(${BLANKS}([+-]?)(?:(\\d+)(?:\\.(\\d*))?|\\.(\\d+)))(?:[eE]([+-]?\\d+))?`);
/** The exponent of an exact number may stand behind blanks. */
const SPACED_EXPONENT = new RegExp(`^[eE]${BLANKS}([+-]?\\d+)`);

/** MariaDB's largest decimal has so many digits before the point. */
const DECIMAL_DIGITS = 65;
const LARGEST_DECIMAL = 10n ** BigInt(DECIMAL_DIGITS) - 1n;
/** Digits behind the point that a decimal has at most. */
const DECIMAL_SCALE = 81;
/** From this exponent on even a negative number is the largest positive one. */
const BOUNDLESS_EXPONENT = 2n ** 30n - 1n;

/** Whole numbers are read into 64 bits. */
const BEYOND_WORD = 2n ** 64n;

/** As a text is read beside exact numbers, and into a DECIMAL column. */
export function readDecimal(text: string): ReadNumber<Decimal> & { overflows: boolean } {
  const { prefix, overflows } = inWords(readPrefix(text, SPACED_EXPONENT));
  return { value: toDecimal(prefix), length: prefix.length, overflows };
}

/** As a text is read into a column of whole numbers: rounded half away from zero; undefined when it is too large for any. */
export function readInteger(text: string): ReadNumber<bigint | undefined> {
  const prefix = asWholeNumber(text, readPrefix(text));
  const { exponent } = prefix;
  const unread = unreadDigits(prefix);
  if (unread > 0 && exponent > 0n) return { value: undefined, length: prefix.length };
  return { value: rescale(toDecimal(prefix), 0), length: prefix.length - unread };
}

/** As a text is read beside and into a DOUBLE; beyond the largest double it is infinite. */
export function readDouble(text: string): ReadNumber<number> {
  const { negative, whole, fraction, exponent, length } = readPrefix(text);
  return { value: Number(`${negative ? '-' : ''}${whole}.${fraction}e${exponent}`), length };
}

/** A plain decimal (`-12.340`); undefined when the text is anything else. */
export function parseDecimal(text: string): Decimal | undefined {
  const read = readDecimal(text);
  return isWholeText(text, read) ? read.value : undefined;
}

/** Whether nothing but blanks follows the number. */
export function isWholeText(text: string, { length }: ReadNumber<unknown>): boolean {
  return length > 0 && /^[\t-\r ]*$/.test(text.slice(length));
}

function readPrefix(text: string, spaced?: RegExp): Prefix {
  const match = PREFIX.exec(text);
  if (!match) return { negative: false, whole: '0', fraction: '', exponent: 0n, shrinks: false, length: 0 };
  const [all, mantissa = '', sign, whole = '', fraction, bareFraction, exponent] = match;
  const behind = spaced?.exec(text.slice(mantissa.length));
  return {
    negative: sign === '-',
    whole,
    fraction: fraction ?? bareFraction ?? '',
    exponent: BigInt(behind?.[1] ?? exponent ?? 0),
    shrinks: (exponent ?? '').startsWith('-'),
    length: behind ? mantissa.length + behind[0].length : all.length,
  };
}

/**
 * Two habits of reading whole numbers. A second point, or an exponent that ends after its sign, takes the weight from the
 * first point: `.300.` counts as 300 before the rest is refused. And an exponent without digits counts as read where
 * anything follows, which may be blanks.
 */
function asWholeNumber(text: string, prefix: Prefix): Prefix {
  const { whole, fraction, length } = prefix;
  const rest = text.slice(length);
  if (length === 0 || /[eE]/.test(text.slice(0, length))) return prefix;
  if (/^(\.|[eE][+-]$)/.test(rest) && BigInt(whole + fraction) < BEYOND_WORD)
    return { ...prefix, whole: whole + fraction, fraction: '' };
  const empty = /^[eE][+-]?(?=.)/s.exec(rest)?.[0] ?? '';
  return { ...prefix, length: length + empty.length };
}

/** An exponent's digits are read into whole numbers only while what stands before them moves the point by at most 20. */
function unreadDigits(prefix: Prefix): number {
  const { exponent, shrinks } = prefix;
  const digits = String(exponent < 0n ? -exponent : exponent);
  const moved = shrinks ? -movedBefore(prefix) : movedBefore(prefix);
  const read = [...digits].findIndex((_, at) => Number(digits.slice(0, at)) + moved > 20);
  return read < 0 ? 0 : digits.length - read;
}

/** By how much the point moves without an exponent, where the digits that fit into a word are taken for a whole number. */
function movedBefore({ whole, fraction }: Prefix): number {
  let word = 0n;
  let fitting = 0;
  for (const digit of whole + fraction) {
    word = word * 10n + BigInt(digit);
    if (word >= BEYOND_WORD) break;
    fitting += 1;
  }
  return whole.length - fitting;
}

/** A decimal has nine words of nine digits while it is read: what does not fit behind the point is cut off. */
function inWords(prefix: Prefix): { prefix: Prefix; overflows: boolean } {
  const { whole, fraction, exponent } = prefix;
  const words = 9 - Math.ceil(whole.length / 9);
  if (words < 0) {
    const largest = { ...prefix, whole: '9'.repeat(DECIMAL_DIGITS), fraction: '', exponent: 0n };
    return { prefix: largest, overflows: true };
  }
  const kept = { ...prefix, fraction: fraction.slice(0, words * 9) };
  const digits = `${whole}${kept.fraction}`.replace(/^0+/, '').length;
  const before = BigInt(digits - kept.fraction.length) + exponent;
  return { prefix: kept, overflows: exponent > BOUNDLESS_EXPONENT || (digits > 0 && before > 81n) };
}

function toDecimal({ negative, whole, fraction, exponent }: Prefix): Decimal {
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const sign = negative ? -1n : 1n;
  if (exponent > BOUNDLESS_EXPONENT) return { units: LARGEST_DECIMAL, scale: 0 };
  const scale = BigInt(fraction.length) - exponent;
  const before = BigInt(digits.length) - scale;
  if (digits === '' || before < -BigInt(DECIMAL_SCALE)) return { units: 0n, scale: 0 };
  if (before > DECIMAL_DIGITS) return { units: sign * LARGEST_DECIMAL, scale: 0 };
  const exact = {
    units: sign * BigInt(digits) * 10n ** (scale < 0n ? -scale : 0n),
    scale: Math.max(0, Number(scale)),
  };
  return exact.scale <= DECIMAL_SCALE
    ? exact
    : { units: rescale(exact, DECIMAL_SCALE), scale: DECIMAL_SCALE };
}
