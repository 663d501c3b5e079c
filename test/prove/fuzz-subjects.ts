import type { DialectSpec } from "../../specs/dialect.ts";
import {
  FrameReader,
  type FrameSink,
  type Framing,
  compile,
  describe as describeMessage,
  dialects,
  frame,
  framings,
  masked,
} from "../../src/iso8583/public.ts";
import { assert } from "../../src/kernel/assert.ts";
import { type Random, pick, seededRandom } from "../../src/kernel/random.ts";
import { localDialects } from "../iso8583/local-dialects.ts";
import { randomDialect } from "../iso8583/slow/random-dialect.ts";
import { randomMessage } from "../iso8583/slow/random-message.ts";

/** What is given mutated frames: it may refuse them, and must not throw. */
export interface FuzzSubject {
  readonly name: string;
  /** Sound or nearly sound frames, to be damaged. */
  readonly frames: readonly Uint8Array[];
  read(bytes: Uint8Array): void;
}

const framesPerSubject = 80;
const randomDialects = 12;
const frameBytesMax = 4_096;

/** Every shipped dialect, those of the tests, some by chance, and every framing. */
export function fuzzSubjects(): FuzzSubject[] {
  const random = seededRandom(8583);
  const specs: readonly DialectSpec[] = [
    ...Object.values(dialects),
    ...localDialects,
    ...Array.from({ length: randomDialects }, (_, index) => randomDialect(random, `random-${index + 1}`)),
  ];
  return [
    ...specs.map((spec) => dialectSubject(random, spec)),
    ...Object.values<Framing>(framings).map((framing) => framingSubject(random, framing)),
  ];
}

function dialectSubject(random: Random, spec: DialectSpec): FuzzSubject {
  const codec = compile(spec);
  const frames = Array.from({ length: framesPerSubject }, () => randomMessage(random, spec));
  let count = 0;
  return {
    name: spec.name,
    frames,
    read: (bytes) => {
      const decoded = codec.decode(bytes);
      count++;
      // What costs more is asked of some frames only; the number of frames decides, not chance, so that a run repeats.
      if (count % 64 === 0) describeMessage(bytes, spec);
      if (!decoded.ok) {
        assert(decoded.error.offset >= 0 && decoded.error.offset <= bytes.length, "a fault lies inside the message");
        return;
      }
      const written = codec.encode(decoded.message);
      assert(Buffer.compare(written, bytes) === 0, "what was read is written as it came");
      if (count % 16 === 0) masked(decoded.message);
    },
  };
}

/** Frames of one framing in one stream, cut into chunks. */
function framingSubject(random: Random, framing: Framing): FuzzSubject {
  const messages = Array.from({ length: framesPerSubject }, () =>
    randomMessage(random, pick(random, Object.values(dialects))),
  );
  const sink: FrameSink = { frame: () => undefined, keepAlive: () => undefined, fatal: () => undefined };
  let cut = 0;
  return {
    name: `framing ${framing.name}`,
    frames: messages.map((message) => frame(framing, message)),
    read: (bytes) => {
      const reader = new FrameReader({ framing, frameBytesMax });
      cut = (cut + 7) % 61;
      reader.push(bytes.subarray(0, cut), sink);
      reader.push(bytes.subarray(cut), sink);
      reader.push(bytes, sink);
    },
  };
}
