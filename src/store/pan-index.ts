/** Buckets of a shard's PAN index: few enough fields in each that it stays a listpack up to a million cards. */
const bucketCount = 1024;

/** Bucket and field of a blind index of 16 bytes: the bucket from its first two, the field from the next eight. */
export function indexPlaceOf(blindIndex: Uint8Array): {
  readonly bucket: number;
  readonly field: string;
} {
  const bytes = Buffer.from(blindIndex.buffer, blindIndex.byteOffset, blindIndex.length);
  return {
    bucket: bytes.readUInt16BE(0) % bucketCount,
    field: bytes.latin1Slice(2, 10),
  };
}

/** Four bytes of a blind index that the index's own place does not use: they tell the PANs of one chain apart. */
export function panTagOf(blindIndex: Uint8Array): number {
  return Buffer.from(blindIndex.buffer, blindIndex.byteOffset, blindIndex.length).readUInt32BE(10);
}
