import { createHash } from 'node:crypto';

const SMALLEST = 1024;

/**
 * Ids that were seen, in some thirty bytes each: a run over 100,000 messages must not grow with them. Keeps 104 bits of
 * each id's hash, so that one id is never taken for another.
 */
export class IdSet {
  /** Two halves of a key, side by side. */
  #slots = new Float64Array(SMALLEST * 2);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(id: string): boolean {
    return this.#slots[slotOf(this.#slots, keyOf(id))] !== 0;
  }

  /** False when it was there already. */
  add(id: string): boolean {
    if (this.#size * 4 >= this.#slots.length) this.#grow();
    const key = keyOf(id);
    const slot = slotOf(this.#slots, key);
    if (this.#slots[slot] !== 0) return false;
    this.#slots.set(key, slot);
    this.#size += 1;
    return true;
  }

  #grow(): void {
    const larger = new Float64Array(this.#slots.length * 2);
    for (let slot = 0; slot < this.#slots.length; slot += 2) {
      const key = keyAt(this.#slots, slot);
      if (key[0] !== 0) larger.set(key, slotOf(larger, key));
    }
    this.#slots = larger;
  }
}

type Key = [number, number];

function keyOf(id: string): Key {
  const hash = createHash('sha1').update(id).digest();
  return [bits52(hash, 0) || 1, bits52(hash, 8)];
}

function bits52(bytes: Buffer, offset: number): number {
  return bytes.readUInt32BE(offset) * 2 ** 20 + (bytes.readUInt32BE(offset + 4) >>> 12);
}

function keyAt(slots: Float64Array, slot: number): Key {
  return [slots[slot] ?? 0, slots[slot + 1] ?? 0];
}

/** Where the key stands, or would. */
function slotOf(slots: Float64Array, [first, second]: Key): number {
  let slot = (first % (slots.length / 2)) * 2;
  while (slots[slot] !== 0 && (slots[slot] !== first || slots[slot + 1] !== second))
    slot = (slot + 2) % slots.length;
  return slot;
}
