import { networkManagementCodes } from "../../specs/network-management.ts";
import type { NetworkManagementCodes } from "../../specs/network-management.ts";
import type { LinkSpec } from "../../specs/links.ts";
import { type FieldsOfNetwork, messageFields } from "../../specs/message-fields.ts";
import type { MessageAuthorizer } from "../authorizer/authorizer.ts";
import { type Codec, type Framing, type Header, type Message, newHeader } from "../iso8583/public.ts";
import { compile, dialects, framingNamed } from "../iso8583/public.ts";
import { must } from "../kernel/assert.ts";
import type { Clock } from "../kernel/clock.ts";
import type { AskedBefore } from "./asked-before.ts";
import { CheckAnswers } from "./check-answers.ts";
import type { ForcedOutcomes } from "./forced-outcomes.ts";
import { genericMapping } from "./generic.ts";
import { importedParts } from "./imported.ts";
import { InFlight, type ProcessLoad } from "./in-flight.ts";
import type { DialectMapping } from "./mapping.ts";
import { mastercardMapping } from "./mastercard.ts";
import type { MessageLog } from "./message-log.ts";
import type { DecisionTrace, SwitchEvent, SwitchLog, SwitchMetrics } from "./observation.ts";
import type { WriteTurn } from "./outbox.ts";
import type { Session } from "./session.ts";
import { transmissionText } from "./transmission-time.ts";
import type { Turnstile } from "./turnstile.ts";
import { visaMapping } from "./visa.ts";

const mappings = { visa: visaMapping, mastercard: mastercardMapping, generic: genericMapping } as const;

/** What all links of a process share. */
export interface SwitchParts {
  readonly authorizer: MessageAuthorizer;
  readonly clock: Clock;
  readonly log: SwitchLog;
  readonly metrics: SwitchMetrics;
  readonly messages: MessageLog;
  readonly turn: WriteTurn;
  readonly load: ProcessLoad;
  readonly asked: AskedBefore;
  readonly turnstile: Turnstile;
  /** null: every answer is what was decided. */
  readonly forced: ForcedOutcomes | null;
  readonly tracing: Tracing | null;
}

/** Every `every`th request is followed stage by stage. */
export interface Tracing {
  readonly every: number;
  readonly onTrace: (trace: DecisionTrace) => void;
}

/** One configured link, with all of its connections. */
export class Link {
  readonly spec: LinkSpec;
  readonly parts: SwitchParts;
  readonly codec: Codec;
  /** What stands on the wire, where that is an imported dialect; else the same as `codec`. */
  readonly wire: Codec;
  readonly framing: Framing;
  readonly mapping: DialectMapping;
  /** Their number of a data element of plain ISO 8583:1987; null: they have none. */
  readonly numberOnWire: (field: number) => number | null;
  /** What each kind of message must have, and what its answer carries over. */
  readonly fields: FieldsOfNetwork;
  readonly allowsPartial: boolean;
  readonly checks: CheckAnswers;
  readonly management: NetworkManagementCodes;
  readonly inFlight: InFlight;
  readonly sessions = new Set<Session>();
  /** Advices and reversals without an answer: they count for an orderly end and are never turned away. */
  advicesInFlight = 0;
  /** Wall time of the last frame on any connection. */
  lastFrameAtMs = 0;
  /** By DE39: a message that has nothing else. */
  readonly #responseCodes = new Map<string, Message>();
  readonly #unserved = new Set<string>();
  #lastStan = 0;
  #requests = 0;

  constructor(spec: LinkSpec, parts: SwitchParts) {
    this.spec = spec;
    this.parts = parts;
    const codec = compile(dialects[spec.dialect]);
    const imported = spec.imported === undefined ? null : importedParts(spec.imported);
    this.codec = imported?.codec ?? codec;
    this.wire = imported?.wire ?? codec;
    this.framing = must(framingNamed(spec.framing), "a link's framing is one that there is");
    this.mapping = imported?.mapping ?? mappings[spec.network];
    this.numberOnWire = imported?.numberOnWire ?? ((field) => field);
    this.fields = messageFields[spec.network];
    this.allowsPartial = spec.allowsPartial;
    this.checks = new CheckAnswers(this.codec, spec.network);
    this.management = networkManagementCodes[spec.network];
    this.inFlight = new InFlight(spec.limits.inFlightMax, parts.load);
  }

  count(event: SwitchEvent): void {
    this.parts.metrics.count(event, this.spec.name);
  }

  maySpeakFor(pan: string): boolean {
    const { bins } = this.spec;
    for (const bin of bins) if (pan.startsWith(bin)) return true;
    return bins.length === 0;
  }

  /** DE39, to be echoed: there are few, so each is written once. With it a message takes 6 µs from chunk to
   * reply, sockets included: 150,000 a second on one core. */
  responseCode(code: string): Message {
    let message = this.#responseCodes.get(code);
    if (message === undefined) {
      message = this.codec.create("0000");
      message.set("39", code);
      this.#responseCodes.set(code, message);
    }
    return message;
  }

  /** A peer that sends what nobody serves mostly sends a lot of it: one line in the log for each kind is enough. */
  noteUnserved(mti: string): void {
    if (this.#unserved.has(mti)) return;
    this.#unserved.add(mti);
    this.parts.log.info({ link: this.spec.name, mti }, "the first of a kind of message that is not served");
  }

  /** A message of our own with DE7 and DE11. */
  newMessage(mti: string): Message {
    const { stations } = this.spec;
    const header: Header | null =
      stations === null ? null : newHeader({ destination: stations.theirs, source: stations.ours });
    const message = this.codec.create(mti, header);
    this.#lastStan = (this.#lastStan % 999_999) + 1;
    message.set("7", transmissionText(this.parts.clock.wallNow()));
    message.set("11", String(this.#lastStan).padStart(6, "0"));
    return message;
  }

  /** Whether the request that has just come in is one of those that are traced. */
  isTraced(): boolean {
    const { tracing } = this.parts;
    return tracing !== null && this.#requests++ % tracing.every === 0;
  }
}
