/** The key with the lowest bit of each byte set so that the number of ones is odd, as DES keys are handed about. */
export function withOddParity(key: Uint8Array): Buffer {
  const result = Buffer.from(key);
  for (let i = 0; i < result.length; i++) {
    const upper = (result[i] ?? 0) & 0xfe;
    result[i] = upper | (onesIn(upper) % 2 === 0 ? 1 : 0);
  }
  return result;
}

export function hasOddParity(key: Uint8Array): boolean {
  return key.every((byte) => onesIn(byte) % 2 === 1);
}

function onesIn(byte: number): number {
  let ones = 0;
  for (let left = byte; left > 0; left >>= 1) ones += left & 1;
  return ones;
}
