/** Chance arrives as an argument: the machine's own, or a seeded stream that repeats. */
export interface Random {
  /** A whole number, 0 ≤ n < below; `below` is at most 2^32. */
  integer(below: number): number;
  bytes(count: number): Uint8Array;
}

export const secureRandom: Random = {
  integer: secureInteger,
  bytes: secureBytes,
};

/** xoshiro128** from a 32-bit seed: the same seed gives the same numbers on every machine. Not for secrets. */
export function seededRandom(seed: number): Random {
  const state = expandSeed(seed);
  const next = (): number => nextWord(state);
  return {
    integer: (below) => Math.floor((next() / 0x1_0000_0000) * below),
    bytes: (count) => {
      const bytes = new Uint8Array(count);
      for (let i = 0; i < count; i++) bytes[i] = next() & 0xff;
      return bytes;
    },
  };
}

/** An element drawn evenly from a list that is not empty. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.integer(list.length)] as T;
}

/** `count` decimal digits, such as an authorization code. */
export function digits(random: Random, count: number): string {
  let text = "";
  while (text.length < count) text += String(random.integer(10));
  return text;
}

const poolBytes = 4096;
const pooledBytesMax = 32;
let poolAt = poolBytes;
// No module of Node: the codec, which runs in a browser, comes by here.
const pool = new Uint8Array(poolBytes);
const words = new DataView(pool.buffer);

// One call to the kernel serves a thousand numbers: 1.1 µs → 0.02 µs a number.
function secureInteger(below: number): number {
  if (poolAt + 4 > pool.length) refill();
  const word = words.getUint32(poolAt, true);
  poolAt += 4;
  return Math.floor((word / 0x1_0000_0000) * below);
}

// A few at a time come from the same pool, where they are wiped out: a call to the kernel for sixteen took 10 µs.
function secureBytes(count: number): Uint8Array {
  if (count > pooledBytesMax) return crypto.getRandomValues(new Uint8Array(count));
  if (poolAt + count > pool.length) refill();
  const bytes = pool.slice(poolAt, poolAt + count);
  pool.fill(0, poolAt, poolAt + count);
  poolAt += count;
  return bytes;
}

function refill(): void {
  crypto.getRandomValues(pool);
  poolAt = 0;
}

function expandSeed(seed: number): Uint32Array {
  const state = new Uint32Array(4);
  let z = seed >>> 0;
  for (let i = 0; i < 4; i++) {
    // splitmix32, which turns neighbouring seeds into unrelated states.
    z = (z + 0x9e3779b9) >>> 0;
    let word = z;
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    state[i] = word ^ (word >>> 16);
  }
  return state;
}

function nextWord(state: Uint32Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = state;
  const scaled = Math.imul(b, 5);
  const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
  const shifted = b << 9;
  const c1 = c ^ a;
  const d1 = d ^ b;
  state[0] = a ^ d1;
  state[1] = b ^ c1;
  state[2] = c1 ^ shifted;
  state[3] = (d1 << 11) | (d1 >>> 21);
  return result;
}
