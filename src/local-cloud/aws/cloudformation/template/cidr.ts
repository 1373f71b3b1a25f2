import { validationError } from '../errors.js';

/** `Fn::Cidr` for IPv4: `count` blocks of `2^bits` addresses each, from the start of the address block. */
export function cidrBlocks(values: string[]): string[] {
  const [block = '', countText = '', bitsText = '8'] = values;
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(block);
  const count = Number(countText);
  const bits = Number(bitsText);
  if (!match || !(count >= 1 && count <= 256) || !(bits >= 1 && bits <= 32))
    throw validationError(
      `Template error: every Fn::Cidr object requires an IPv4 address block, a count of 1 to 256 and cidr bits; got [${values.join(', ')}]`,
    );
  const octets = match.slice(1, 5).map(Number);
  const prefix = Number(match[5]);
  if (octets.some((octet) => octet > 255) || prefix > 32 || count * 2 ** bits > 2 ** (32 - prefix))
    throw validationError(
      `Template error: Fn::Cidr cannot make ${count} blocks of ${bits} cidr bits in ${block}`,
    );
  const base = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const start = base - (base % 2 ** (32 - prefix));
  return Array.from(
    { length: count },
    (_unused, index) => `${dotted(start + index * 2 ** bits)}/${32 - bits}`,
  );
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
