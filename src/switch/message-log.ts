import { masked } from "../iso8583/public.ts";
import type { Link } from "./link.ts";

export type Direction = "in" | "out";

/** A message as a screen or a feed may show it: sensitive values are masked by the dialect's own word. */
export interface LoggedMessage {
  /** Wall time in milliseconds. */
  readonly atMs: number;
  readonly link: string;
  readonly session: number;
  readonly direction: Direction;
  /** Dotted path → masked text; "0" is the message type. What could be read, where not all of it could. */
  readonly fields: Readonly<Record<string, string>>;
  /** Why it is no message of the dialect, or null. */
  readonly fault: string | null;
}

interface Entry {
  atMs: number;
  link: Link;
  session: number;
  direction: Direction;
  /** Bytes written to the ring before this message: where it lies, and whether it has been overwritten. */
  at: number;
  length: number;
}

export type MessageListener = (message: LoggedMessage) => void;

/**
 * The last messages of all links. Their bytes are copied into one ring and read again only when somebody looks:
 * keeping the decoded ones would keep whole chunks alive, and rendering each would cost more than deciding it.
 */
export class MessageLog {
  readonly #ring: Uint8Array;
  readonly #entries: (Entry | undefined)[];
  #written = 0;
  #count = 0;
  readonly #listeners = new Set<MessageListener>();

  constructor(limits: { readonly messagesKept: number; readonly messageBytesKept: number }) {
    this.#ring = new Uint8Array(limits.messageBytesKept);
    this.#entries = new Array<Entry | undefined>(limits.messagesKept).fill(undefined);
  }

  /** Calls the listener with every message from now on; the answer ends that. */
  listen(listener: MessageListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(link: Link, session: number, message: { direction: Direction; bytes: Uint8Array; atMs: number }): void {
    const { direction, bytes, atMs } = message;
    const slot = this.#count++ % this.#entries.length;
    const at = this.#keep(bytes);
    const entry = this.#entries[slot];
    if (entry === undefined) {
      this.#entries[slot] = { atMs, link, session, direction, at, length: bytes.length };
    } else {
      entry.atMs = atMs;
      entry.link = link;
      entry.session = session;
      entry.direction = direction;
      entry.at = at;
      entry.length = bytes.length;
    }
    if (this.#listeners.size > 0) this.#tell({ atMs, link, session, direction, bytes });
  }

  /** Oldest first. */
  recent(): LoggedMessage[] {
    const messages: LoggedMessage[] = [];
    const first = Math.max(this.#count - this.#entries.length, 0);
    for (let no = first; no < this.#count; no++) {
      const entry = this.#entries[no % this.#entries.length];
      if (entry === undefined || entry.at < this.#written - this.#ring.length) continue;
      const start = entry.at % this.#ring.length;
      messages.push(render({ ...entry, bytes: this.#ring.slice(start, start + entry.length) }));
    }
    return messages;
  }

  /** Copies a message into the ring, in one piece, and says where; one that does not fit is not kept. */
  #keep(bytes: Uint8Array): number {
    const size = this.#ring.length;
    if (bytes.length > size) return Number.NEGATIVE_INFINITY;
    const left = size - (this.#written % size);
    if (left < bytes.length) this.#written += left;
    const at = this.#written;
    this.#ring.set(bytes, at % size);
    this.#written += bytes.length;
    return at;
  }

  #tell(message: Parameters<typeof render>[0]): void {
    const logged = render(message);
    for (const listener of this.#listeners) listener(logged);
  }
}

function render(entry: {
  atMs: number;
  link: Link;
  session: number;
  direction: Direction;
  bytes: Uint8Array;
}): LoggedMessage {
  const { atMs, link, session, direction, bytes } = entry;
  const decoded = link.wire.decode(bytes);
  const message = decoded.ok ? decoded.message : decoded.error.partial;
  return {
    atMs,
    link: link.spec.name,
    session,
    direction,
    fields: message === null ? {} : masked(message),
    fault: decoded.ok ? null : `${decoded.error.code} at ${decoded.error.path}`,
  };
}
