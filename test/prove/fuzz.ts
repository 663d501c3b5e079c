import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { seededRandom } from "../../src/kernel/random.ts";
import type { FuzzSubject } from "./fuzz-subjects.ts";
import { mutatedFrame } from "./mutated-frames.ts";

/** A frame that the subject could not bear, to be printed and kept as a fixture; heap: of a whole batch, without a frame. */
export interface FuzzFault {
  readonly kind: "throw" | "slow" | "heap";
  readonly subject: string;
  readonly hex: string;
  readonly detail: string;
}

export interface FuzzBatch {
  readonly seed: number;
  readonly frames: number;
}

const cpuMsMax = 50;
const frameBytesMax = 4_096;
/** The collector's own tables move by some tens of kilobytes; a leak of ten bytes a frame is more than this. */
const heapBytesMax = 400_000;
const faultsMax = 5;

/** Mutated frames, as many as the batch says; the same seed, the same frames. */
export function fuzz(subject: FuzzSubject, { seed, frames }: FuzzBatch): FuzzFault[] {
  const random = seededRandom(seed);
  const faults: FuzzFault[] = [];
  for (let i = 0; i < frames && faults.length < faultsMax; i++) {
    const bytes = mutatedFrame(random, subject.frames, frameBytesMax);
    const start = performance.now();
    const thrown = thrownBy(subject, bytes);
    if (thrown !== null) faults.push(faultOf("throw", subject, bytes, thrown));
    else if (performance.now() - start > cpuMsMax) addSlow(faults, subject, bytes);
  }
  return faults;
}

/** The same, and then whether the heap is as large as after a batch before it: the first one fills what is kept on purpose. */
export function fuzzWithHeap(subject: FuzzSubject, batch: FuzzBatch): FuzzFault[] {
  const before = heapAfter(() => fuzz(subject, { ...batch, frames: Math.ceil(batch.frames / 10) }));
  const faults: FuzzFault[] = [];
  const after = heapAfter(() => faults.push(...fuzz(subject, batch)));
  const grown = after - before;
  // A second look, with another batch: what is kept once is no leak.
  if (grown > heapBytesMax) {
    const again = heapAfter(() => fuzz(subject, { ...batch, seed: batch.seed + 1 })) - after;
    if (again > heapBytesMax) {
      const detail = `the heap grew by ${grown} and by ${again} bytes in ${batch.frames} frames of seed ${batch.seed}`;
      faults.push({ kind: "heap", subject: subject.name, hex: "", detail });
    }
  }
  return faults;
}

/** One line that says it all: the frame as hexadecimal digits. */
export function renderFuzzFault({ kind, subject, hex, detail }: FuzzFault): string {
  return `${kind} in ${subject}: ${detail}${hex === "" ? "" : `\n  ${hex}`}`;
}

function thrownBy(subject: FuzzSubject, bytes: Uint8Array): string | null {
  try {
    subject.read(bytes);
    return null;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

const runsAloneMax = 10;

/** A frame on a busy machine waits for others: it is slow only where each of ten runs alone is. */
function addSlow(faults: FuzzFault[], subject: FuzzSubject, bytes: Uint8Array): void {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runsAloneMax && least > cpuMsMax; run++) {
    const before = process.cpuUsage();
    subject.read(bytes);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  if (least > cpuMsMax) faults.push(faultOf("slow", subject, bytes, `${least.toFixed(1)} ms of CPU when run alone`));
}

function faultOf(kind: FuzzFault["kind"], { name }: FuzzSubject, bytes: Uint8Array, detail: string): FuzzFault {
  return { kind, subject: name, hex: Buffer.from(bytes).toString("hex"), detail };
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapAfter(run: () => unknown): number {
  run();
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
