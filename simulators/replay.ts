import { responseCodeMeanings } from "../specs/response-codes.ts";
import type { Message } from "../src/iso8583/public.ts";
import type { Clock } from "../src/kernel/clock.ts";
import { type Answer, answerMti, isRequest } from "./correlator.ts";
import { Link } from "./link.ts";
import type { NetworkName, WireFields } from "./purchase.ts";
import type { RecordedMessage } from "./recording.ts";
import { LineDown } from "./scenario/scenario-lines.ts";
import { networkSides } from "./sides.ts";
import { TraceNumbers } from "./trace-numbers.ts";
import { WireCodec } from "./wire-codec.ts";
import { transmissionTime } from "./wire-time.ts";

export interface ReplaySettings {
  readonly links: Readonly<Partial<Record<NetworkName, { readonly host: string; readonly port: number }>>>;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /**
   * null: every message as it was, so that an issuer that has seen it answers from memory. A number: under names of
   * their own, so that everything is decided anew.
   */
  readonly freshRun: number | null;
}

/** What is not as it was recorded. */
export interface Difference {
  /** Of the requests, from 1. */
  readonly number: number;
  readonly network: NetworkName;
  readonly mti: string;
  readonly rrn: string;
  /** Dotted path; "0" is the type, "answer" that there is one. */
  readonly path: string;
  readonly recorded: string;
  readonly found: string;
}

export interface ReplayReport {
  readonly requests: number;
  readonly same: number;
  readonly differences: readonly Difference[];
  /** Recorded bodies that are no messages of their dialect. */
  readonly unreadable: number;
}

const usableMsMax = 5_000;
/** Names of a moment or of a message: they say nothing about what was decided. */
// A header says how long its message is.
const names = new Set(["header", "7", "11", "12", "13", "15", "37", "90"]);
const namesWithin = new Set(["62.2", "63.2", "48.63"]);

/**
 * Sends recorded requests again, in their order and each after the answer to the one before, and compares the answers by
 * meaning: which fields there are and what they say, not which bytes. Throws where a line does not come up.
 */
export async function replay(messages: readonly RecordedMessage[], settings: ReplaySettings): Promise<ReplayReport> {
  const run = new Replay(settings);
  try {
    return await run.run(messages);
  } finally {
    await run.close();
  }
}

class Replay {
  readonly #settings: ReplaySettings;
  readonly #codecs = new Map<NetworkName, WireCodec>();
  readonly #links = new Map<NetworkName, Link>();
  readonly #differences: Difference[] = [];
  #requests = 0;
  #same = 0;
  #unreadable = 0;

  constructor(settings: ReplaySettings) {
    this.#settings = settings;
  }

  async run(messages: readonly RecordedMessage[]): Promise<ReplayReport> {
    for (const [index, message] of messages.entries()) {
      if (message.kind === "answer") continue;
      const request = this.#codec(message.network).decode(message.body);
      if (request === null) this.#unreadable++;
      else if (isRequest(request.mti) && request.mti !== "0800")
        await this.#again(message.network, request, messages.slice(index + 1));
    }
    const differences = this.#differences;
    return { requests: this.#requests, same: this.#same, differences, unreadable: this.#unreadable };
  }

  async close(): Promise<void> {
    for (const link of this.#links.values()) await link.close();
  }

  async #again(network: NetworkName, request: Message, later: readonly RecordedMessage[]): Promise<void> {
    const number = ++this.#requests;
    const recorded = this.#answerIn(network, request, later);
    const about = { number, network, mti: request.mti, rrn: request.get("37") ?? "" };
    const found = await this.#ask(network, request);
    const before = this.#differences.length;
    if (recorded === null || found === null) {
      const words = (answer: Message | null): string => (answer === null ? "none" : "one");
      if (recorded !== found)
        this.#differences.push({ ...about, path: "answer", recorded: words(recorded), found: words(found) });
    } else {
      for (const difference of compare(recorded, found, network)) this.#differences.push({ ...about, ...difference });
    }
    if (this.#differences.length === before) this.#same++;
  }

  /** The first later answer of the same key, before the same request comes again. */
  #answerIn(network: NetworkName, request: Message, later: readonly RecordedMessage[]): Message | null {
    const mti = answerMti(request.mti);
    for (const message of later) {
      if (message.network !== network) continue;
      const decoded = this.#codec(network).decode(message.body);
      if (decoded === null) continue;
      const isSame = ["11", "32", "37"].every((path) => decoded.get(path) === request.get(path));
      if (!isSame) continue;
      if (message.kind === "answer" && decoded.mti === mti) return decoded;
      if (message.kind === "request" && decoded.mti === request.mti) return null;
    }
    return null;
  }

  /** What is written over so that nobody has heard of the message yet. */
  #changes(request: Message): WireFields {
    const { clock, freshRun } = this.#settings;
    if (freshRun === null) return {};
    const { run } = new TraceNumbers(freshRun);
    const changes: Record<string, string> = { 7: transmissionTime(clock.wallNow()) };
    const rewrite = (path: string, at: number, text: string): void => {
      const value = request.get(path);
      if (value === undefined || value.length < at + text.length) return;
      changes[path] = value.slice(0, at) + text + value.slice(at + text.length);
    };
    rewrite("37", 0, run);
    rewrite("62.2", 1, String(freshRun % 100_000).padStart(5, "0"));
    rewrite("63.2", 0, run);
    rewrite("48.63", 3, run);
    return changes;
  }

  async #ask(network: NetworkName, request: Message): Promise<Message | null> {
    const link = await this.#link(network);
    const { timeoutMs } = this.#settings;
    return new Promise((resolve) => {
      const done = (answer: Answer): void => resolve(answer.kind === "reply" ? answer.message : null);
      link.resend(request, this.#changes(request), { timeoutMs, done });
    });
  }

  async #link(network: NetworkName): Promise<Link> {
    const known = this.#links.get(network);
    if (known !== undefined) return known;
    const at = this.#settings.links[network];
    if (at === undefined) throw new LineDown(`the switch has no link for ${network}`);
    const signOn = network === "generic" ? "none" : "by-us";
    const { clock } = this.#settings;
    const link = new Link({ side: networkSides[network], address: { kind: "connect", ...at }, signOn, clock });
    this.#links.set(network, link);
    await link.open();
    if (!(await link.usable(usableMsMax)))
      throw new LineDown(`the ${network} line at ${at.host}:${at.port} does not come up`);
    return link;
  }

  #codec(network: NetworkName): WireCodec {
    let codec = this.#codecs.get(network);
    if (codec === undefined) {
      codec = new WireCodec(networkSides[network]);
      this.#codecs.set(network, codec);
    }
    return codec;
  }
}

/** Which fields say something else. An authorization code only has to be there: it is drawn anew. */
function compare(
  recorded: Message,
  found: Message,
  network: NetworkName,
): Pick<Difference, "path" | "recorded" | "found">[] {
  const [before, now] = [recorded.toJSON(), found.toJSON()];
  const paths = new Set([...Object.keys(before), ...Object.keys(now)]);
  const meanings: Readonly<Record<string, string>> = responseCodeMeanings[network];
  const differences: Pick<Difference, "path" | "recorded" | "found">[] = [];
  for (const path of paths) {
    if (names.has(path.split(".")[0] ?? "") || namesWithin.has(path)) continue;
    const [was, is] = [before[path], now[path]];
    if (was === is || (path === "38" && was !== undefined && is !== undefined)) continue;
    const words = (text: string | undefined): string =>
      text === undefined ? "nothing" : path === "39" ? `${text} (${meanings[text] ?? "unknown"})` : text;
    differences.push({ path, recorded: words(was), found: words(is) });
  }
  return differences;
}
