import { FrameReader } from "./frame-reader.ts";
import { type Framing, framings } from "./framing.ts";

/** Bytes that are one whole frame, and where its message lies in them. */
export interface FoundFrame {
  readonly framing: Framing;
  readonly from: number;
  readonly to: number;
}

/** Every framing by which all of the bytes are one frame. */
export function framesAround(bytes: Uint8Array): FoundFrame[] {
  const found: FoundFrame[] = [];
  for (const framing of Object.values<Framing>(framings)) {
    const around = frameAround(bytes, framing);
    if (around !== null) found.push(around);
  }
  return found;
}

/** Null where the bytes are not one frame with a message in it. */
export function frameAround(bytes: Uint8Array, framing: Framing): FoundFrame | null {
  const from = framing.headerBytes;
  const to = bytes.length - (framing.trailer === null ? 0 : 1);
  const frames: number[] = [];
  let isRefused = to <= from;
  const reader = new FrameReader({ framing, frameBytesMax: Math.max(bytes.length, 1) });
  reader.push(bytes, {
    frame: (message) => frames.push(message.length),
    keepAlive: () => (isRefused = true),
    fatal: () => (isRefused = true),
  });
  const isOne = frames.length === 1 && frames[0] === to - from && !reader.isMidFrame;
  return isOne && !isRefused ? { framing, from, to } : null;
}
