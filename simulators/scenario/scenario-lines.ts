import type { Clock } from "../../src/kernel/clock.ts";
import { SeenJournal } from "../journal.ts";
import { Link } from "../link.ts";
import type { NetworkName, Purchase, WireFields } from "../purchase.ts";
import type { RecordedMessage } from "../recording.ts";
import { networkSides } from "../sides.ts";
import { type Outcome, Station } from "../station.ts";
import type { TraceNumbers } from "../trace-numbers.ts";
import type { ScenarioIssuer } from "./issuer.ts";

export interface LinesParts {
  readonly issuer: ScenarioIssuer;
  readonly clock: Clock;
  readonly numbers: TraceNumbers;
  /** Sees every message of every line. */
  readonly record?: (message: RecordedMessage) => void;
}

export interface LineRequest {
  readonly link: NetworkName;
  /** Messages of different lanes leave on different connections. */
  readonly lane: number;
  readonly fields: WireFields;
  readonly withinMs: number;
}

/** The connections of a scenario, opened when they are first used. Throws where a line does not come up. */
export interface ScenarioLines {
  exchange(request: LineRequest): Promise<Outcome>;
  /** As a network asks, which stands in where nobody answers. */
  authorize(link: NetworkName, purchase: Purchase): Promise<Outcome>;
  /** DE39 of the 0810; null: none came. */
  manage(link: NetworkName, code: string): Promise<string | null>;
  /** The line is down until it is restored. */
  sever(link: NetworkName): Promise<void>;
  /** True when everything that was stored meanwhile has been answered. */
  restore(link: NetworkName): Promise<boolean>;
  close(): Promise<void>;
}

export class LineDown extends Error {}

const usableMsMax = 5_000;
const answerMs = 400;
const restMs = 100;
const drainMsMax = 15_000;

export function openLines(parts: LinesParts): ScenarioLines {
  return new Lines(parts);
}

class Lines implements ScenarioLines {
  readonly #parts: LinesParts;
  readonly #open = new Map<string, { readonly link: Link; readonly station: Station }>();

  constructor(parts: LinesParts) {
    this.#parts = parts;
  }

  async exchange({ link, lane, fields, withinMs }: LineRequest): Promise<Outcome> {
    const { station } = await this.#line(link, lane);
    return station.exchange(fields, withinMs);
  }

  async authorize(link: NetworkName, purchase: Purchase): Promise<Outcome> {
    const { station } = await this.#line(link, 0);
    return station.authorize(purchase, "scenario");
  }

  async manage(link: NetworkName, code: string): Promise<string | null> {
    const line = await this.#line(link, 0);
    return line.link.ask(code);
  }

  async sever(link: NetworkName): Promise<void> {
    const line = await this.#line(link, 0);
    line.link.sever();
  }

  async restore(link: NetworkName): Promise<boolean> {
    const line = await this.#line(link, 0);
    line.link.restore();
    if (!(await line.link.usable(usableMsMax))) throw new LineDown(`the ${link} line does not come up again`);
    return line.station.stored.drained(drainMsMax);
  }

  async close(): Promise<void> {
    for (const { link, station } of this.#open.values()) {
      station.close();
      await link.close();
    }
  }

  async #line(name: NetworkName, lane: number): Promise<{ readonly link: Link; readonly station: Station }> {
    const key = `${name} ${lane}`;
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const { issuer, clock, numbers, record } = this.#parts;
    const at = issuer.links[name];
    if (at === undefined) throw new LineDown(`the switch has no link for ${name}`);
    const signOn = name === "generic" ? "none" : "by-us";
    const link = new Link({
      side: networkSides[name],
      address: { kind: "connect", ...at },
      signOn,
      clock,
      ...(record === undefined ? {} : { record }),
    });
    const settings = { link, clock, numbers, journal: new SeenJournal(), timeoutMs: answerMs, restMs };
    const line = { link, station: new Station({ ...settings, standsIn: true }) };
    this.#open.set(key, line);
    await link.open();
    if (!(await link.usable(usableMsMax)))
      throw new LineDown(`the ${name} line at ${at.host}:${at.port} does not come up`);
    return line;
  }
}
