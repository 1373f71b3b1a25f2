/** CRC-32 as zip, gzip and S3 have it, as an unsigned number. Node's own came with 20.15. */
export const crc32 = (bytes: Uint8Array): number => reflected(CRC32, bytes);

/** Castagnoli's, as an unsigned number. */
export const crc32c = (bytes: Uint8Array): number => reflected(CRC32C, bytes);

/** Eight hexadecimal digits. */
export const crc32Hex = (bytes: Uint8Array): string => crc32(bytes).toString(16).padStart(8, '0');

/** CRC-64/NVME, eight bytes in network order. */
export function crc64Nvme(bytes: Uint8Array): Buffer {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (let at = 0; at < bytes.length; at += 1) {
    const index = (low ^ (bytes[at] as number)) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (CRC64_LOW[index] as number);
    high = (high >>> 8) ^ (CRC64_HIGH[index] as number);
  }
  const result = Buffer.alloc(8);
  result.writeUInt32BE((high ^ 0xffffffff) >>> 0, 0);
  result.writeUInt32BE((low ^ 0xffffffff) >>> 0, 4);
  return result;
}

const CRC32 = tableOf(0xedb88320);
const CRC32C = tableOf(0x82f63b78);
const [CRC64_HIGH, CRC64_LOW] = tablesOf64(0x9a6c9329ac4bc9b5n);

function tableOf(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value >>> 0;
  });
}

/** Numbers hold 32 bits for shifting, so each half has a table of its own. */
function tablesOf64(polynomial: bigint): [Uint32Array, Uint32Array] {
  const whole = Array.from({ length: 256 }, (_, byte) => {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    return value;
  });
  return [
    Uint32Array.from(whole, (value) => Number(value >> 32n)),
    Uint32Array.from(whole, (value) => Number(value & 0xffffffffn)),
  ];
}

function reflected(table: Uint32Array, bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (let at = 0; at < bytes.length; at += 1)
    value = (table[(value ^ (bytes[at] as number)) & 0xff] as number) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
