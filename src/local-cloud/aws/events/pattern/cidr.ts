import { BlockList, isIP } from 'node:net';
import { InvalidPattern } from './errors.js';

/** Compiles `10.0.0.0/24` or `2001:db8::/32` into a test for addresses inside. */
export function cidr(block: string): (text: string) => boolean {
  const parts = block.split('/');
  const [address, mask] = parts;
  if (parts.length !== 2 || address === undefined || mask === undefined)
    throw new InvalidPattern("Malformed CIDR, one '/' required");
  if (!/^\d{1,3}$/.test(mask)) throw new InvalidPattern('Malformed CIDR, mask bits must be an integer');
  const version = isIP(address);
  if (version === 0) throw new InvalidPattern(`Nonstandard IP address: ${address}`);
  const widest = version === 4 ? 32 : 128;
  if (Number(mask) > widest) throw new InvalidPattern(`Malformed CIDR, mask bits must be < ${widest}`);
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, Number(mask), family);
  return (text) => isIP(text) === version && list.check(text, family);
}
