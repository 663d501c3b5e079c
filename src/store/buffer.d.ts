/** Methods of Node's Buffer that its published types leave out: the fastest way between Latin-1 text and bytes. */
declare global {
  interface Buffer<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> extends Uint8Array<TArrayBuffer> {
    /** Writes what fits and returns the bytes written: the caller checks the room first. */
    latin1Write(text: string, offset?: number, length?: number): number;
    latin1Slice(start?: number, end?: number): string;
  }
}

export {};
