import { type BlockCipher, encryptCbc, xor } from "./block-cipher.ts";

/** CMAC (NIST SP 800-38B, RFC 4493) of any data, over AES or triple DES: one block. */
export function cmac(cipher: BlockCipher, data: Uint8Array): Buffer {
  const size = cipher.blockBytes;
  const subkey = doubled(cipher.encrypt(Buffer.alloc(size)));
  const lastAt = Math.max(0, Math.ceil(data.length / size) - 1) * size;
  const last = Buffer.alloc(size);
  last.set(data.subarray(lastAt));
  const isWhole = data.length - lastAt === size;
  if (!isWhole) last[data.length - lastAt] = 0x80;
  const sealed = xor(last, isWhole ? subkey : doubled(subkey));
  return encryptCbc(cipher, Buffer.alloc(size), Buffer.concat([data.subarray(0, lastAt), sealed])).subarray(-size);
}

/** Times x in the field of the cipher's block. */
function doubled(value: Uint8Array): Buffer {
  const result = Buffer.alloc(value.length);
  for (let i = 0; i < value.length; i++) result[i] = ((value[i] ?? 0) << 1) | ((value[i + 1] ?? 0) >> 7);
  const polynomial = value.length === 16 ? 0x87 : 0x1b;
  const last = value.length - 1;
  if ((value[0] ?? 0) >= 0x80) result[last] = (result[last] ?? 0) ^ polynomial;
  return result;
}
