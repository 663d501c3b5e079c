import {
  type Codec,
  type Framing,
  type Message,
  compile,
  framings,
  newHeader,
  sealFrame,
} from "../src/iso8583/public.ts";
import type { NetworkSide } from "./network-side.ts";
import type { WireFields } from "./purchase.ts";

/** Fields to frames and back, as one side of a network writes them. */
export class WireCodec {
  readonly framing: Framing;
  readonly codec: Codec;
  readonly #side: NetworkSide;

  constructor(side: NetworkSide) {
    this.#side = side;
    this.codec = compile(side.dialect);
    this.framing = framings[side.framing];
  }

  /** A request of ours, framed. */
  request(fields: WireFields): Uint8Array {
    return this.#framed(this.#message(fields));
  }

  /** A message that was read before, with some fields written over, framed. */
  again(message: Message, changes: WireFields): Uint8Array {
    for (const [path, value] of Object.entries(changes)) message.set(path, value);
    return this.#framed(message);
  }

  /** The answer to a request of theirs: its own fields again, with another type and what is added. */
  answer(request: Message, mti: string, echoed: readonly number[], added: WireFields): Uint8Array {
    const answer = this.#message({ 0: mti });
    answer.echo(request, echoed);
    for (const [path, value] of Object.entries(added)) answer.set(path, value);
    return this.#framed(answer);
  }

  /** The message in a frame, or null where it is none. */
  decode(body: Uint8Array): Message | null {
    const decoded = this.codec.decode(body);
    return decoded.ok ? decoded.message : null;
  }

  #message(fields: WireFields): Message {
    const { stations } = this.#side;
    const header = stations === null ? null : newHeader({ destination: stations.issuer, source: stations.network });
    const message = this.codec.create(fields["0"] ?? "", header);
    for (const [path, value] of Object.entries(fields)) if (path !== "0") message.set(path, value);
    return message;
  }

  #framed(message: Message): Uint8Array {
    return sealFrame(this.framing, this.codec.encode(message, this.framing.headerBytes));
  }
}
