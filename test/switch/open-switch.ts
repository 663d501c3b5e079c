import { type LinkLimits, type LinkSpec, defaultLinks } from "../../specs/links.ts";
import type {
  AdviceDecision,
  AuthorizationDecision,
  FinancialDecision,
  ReversalDecision,
} from "../../src/authorizer/decision.ts";
import type {
  AdviceRequest,
  AuthorizationRequest,
  FinancialRequest,
  ReversalRequest,
} from "../../src/authorizer/request.ts";
import { MovableClock } from "../../src/kernel/clock.ts";
import { minor, zero } from "../../src/kernel/money.ts";
import type { ForcedOutcomes } from "../../src/switch/forced-outcomes.ts";
import type { DecisionTrace, SwitchEvent } from "../../src/switch/observation.ts";
import { type SwitchLimits, type SwitchLinks, defaultSwitchLimits, openLinks } from "../../src/switch/open-links.ts";
import { transmissionText } from "../../src/switch/transmission-time.ts";
import { ScriptedPeer } from "./scripted-peer.ts";

const names = { visa: "visa-style", mastercard: "mastercard-style", generic: "generic" } as const;

/** One of the default links on a free port, with some of its settings changed. */
export function linkOf(
  network: LinkSpec["network"],
  changes: Partial<Omit<LinkSpec, "limits">> & { limits?: Partial<LinkLimits> } = {},
): LinkSpec {
  const found = defaultLinks.find((link) => link.name === names[network]);
  if (found === undefined) throw new Error(`no link ${network}`);
  const { limits, ...others } = changes;
  return {
    ...found,
    endpoint: { kind: "listen", host: "127.0.0.1", port: 0 },
    ...others,
    limits: { ...found.limits, ...limits },
  };
}

/** An authorizer that does what the test says: it decides at once, later, or never. */
export class ScriptedAuthorizer {
  readonly authorizations: AuthorizationRequest[] = [];
  readonly reversals: ReversalRequest[] = [];
  readonly advices: AdviceRequest[] = [];
  readonly postings: FinancialRequest[] = [];
  flushes = 0;
  decide: (request: AuthorizationRequest, done: (decision: AuthorizationDecision) => void) => void = (_, done) => {
    done(approval());
  };
  tell: (request: AdviceRequest, done: (decision: AdviceDecision) => void) => void = (_, done) => {
    done({ outcome: "held", shard: 0, journalNo: 3, isDuplicate: false, amount: zero });
  };
  charge: (request: FinancialRequest, done: (decision: FinancialDecision) => void) => void = (request, done) => {
    done(posting(request.transactionAmount, request.transactionAmount));
  };
  undo: (request: ReversalRequest, done: (decision: ReversalDecision) => void) => void = (_, done) => {
    done({ outcome: "released", shard: 0, journalNo: 2, isDuplicate: false, releasedAmount: zero });
  };

  authorize(request: AuthorizationRequest, done: (decision: AuthorizationDecision) => void): void {
    this.authorizations.push(request);
    this.decide(request, done);
  }

  advise(request: AdviceRequest, done: (decision: AdviceDecision) => void): void {
    this.advices.push(request);
    this.tell(request, done);
  }

  post(request: FinancialRequest, done: (decision: FinancialDecision) => void): void {
    this.postings.push(request);
    this.charge(request, done);
  }

  reverse(request: ReversalRequest, done: (decision: ReversalDecision) => void): void {
    this.reversals.push(request);
    this.undo(request, done);
  }

  flush(): void {
    this.flushes++;
  }
}

export function approval(): AuthorizationDecision {
  return {
    outcome: "approved",
    shard: 0,
    journalNo: 1,
    isDuplicate: false,
    approvedAmount: zero,
    authorizationCode: "123456",
    availableAmount: null,
    ledgerAmount: null,
    balanceCurrency: null,
  };
}

/** Approved in part: both in minor units of the card currency. */
export function partOf(cardAmount: bigint, approvedAmount: bigint): AuthorizationDecision {
  return {
    outcome: "partial",
    shard: 0,
    journalNo: 1,
    isDuplicate: false,
    approvedAmount: minor(approvedAmount),
    cardAmount: minor(cardAmount),
    authorizationCode: "123456",
  };
}

export function posting(cardAmount: bigint, approvedAmount: bigint): FinancialDecision {
  return {
    outcome: "posted",
    shard: 0,
    journalNo: 1,
    isDuplicate: false,
    approvedAmount: minor(approvedAmount),
    cardAmount: minor(cardAmount),
    authorizationCode: "123456",
  };
}

/** A switch under test with its eyes and ears. */
export class SwitchUnderTest {
  readonly authorizer = new ScriptedAuthorizer();
  readonly events: SwitchEvent[] = [];
  readonly latencies: number[] = [];
  readonly traces: DecisionTrace[] = [];
  readonly clock = new MovableClock();
  #links: SwitchLinks[] = [];
  #peers: ScriptedPeer[] = [];

  forced: ForcedOutcomes | null = null;

  /** Opens the link; the answer is what the switch offers to the rest of the program. */
  async open(specs: readonly LinkSpec[], limits: Partial<SwitchLimits> = {}): Promise<SwitchLinks> {
    const opened = await openLinks({
      links: specs,
      authorizer: this.authorizer,
      clock: this.clock,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
      metrics: {
        count: (event) => this.events.push(event),
        latency: (_, milliseconds) => this.latencies.push(milliseconds),
      },
      limits: { ...defaultSwitchLimits, tickMs: 10, ...limits },
      forced: this.forced,
      tracing: { every: 1, onTrace: (trace) => this.traces.push(trace) },
    });
    if (!opened.ok) throw new Error(opened.error);
    this.#links.push(opened.value);
    return opened.value;
  }

  /** Opens one link and connects to it, past the sign-on where the link wants one. */
  async connect(spec: LinkSpec, limits: Partial<SwitchLimits> = {}): Promise<ScriptedPeer> {
    const { ports } = await this.open([spec], limits);
    const peer = await this.connectAgain(spec, ports[spec.name] ?? 0);
    if (spec.signOn === "by-us") {
      peer.accept(await peer.message(1));
      if (spec.network !== "generic") await peer.message(2);
      peer.heard.length = 0;
    }
    return peer;
  }

  async connectAgain(spec: LinkSpec, port: number, from = "127.0.0.1"): Promise<ScriptedPeer> {
    const peer = await ScriptedPeer.connectTo(spec, port, from);
    this.#peers.push(peer);
    return peer;
  }

  times(event: SwitchEvent): number {
    return this.events.filter((one) => one === event).length;
  }

  async close(graceMs = 0): Promise<void> {
    if (graceMs === 0) for (const peer of this.#peers) peer.close();
    await Promise.all(this.#links.map((links) => links.signOffAndClose(graceMs)));
    for (const peer of this.#peers) peer.close();
    this.#peers = [];
    this.#links = [];
  }
}

/** A purchase of 25.99 pounds in plain ISO 87, with the time of sending. */
export function purchase(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    "0": "0100",
    "2": "4000008412345678",
    "3": "000000",
    "4": "000000002599",
    "7": transmissionText(new MovableClock().wallNow()),
    "11": "000501",
    "12": "120000",
    "13": "1122",
    "14": "2906",
    "18": "5411",
    "19": "826",
    "22": "051",
    "25": "00",
    "32": "400005",
    "37": "632612000501",
    "41": "T0000501",
    "42": "STORE-000000501",
    "43": "HIGH STREET FOODS      LEEDS        ENGB",
    "49": "826",
    ...changes,
  };
}

/** The same purchase as a network of Visa's style sends it. */
export function visaPurchase(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    ...purchase(),
    header: `hex:1601020000412345000000${"00".repeat(11)}`,
    "22": "0510",
    "43": "HIGH STREET FOODS        LEEDS        GB",
    "62.2": "306326584712345",
    "63.1": "0002",
    ...changes,
  };
}

/** The same purchase as a network of Mastercard's style sends it. */
export function mastercardPurchase(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    ...purchase(),
    "2": "2223008412345678",
    "15": "1122",
    "43": "HIGH STREET FOODS      LEEDS         GBR",
    "48.TCC": "R",
    "61": "0000000000300826",
    "63.1": "MCC",
    "63.2": "BN123456 ",
    ...changes,
  };
}

/** The reversal of a purchase of plain ISO 87; it has a STAN of its own. */
export function reversal(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    ...purchase(),
    "0": "0400",
    "11": "000502",
    "90": `0100000501${"0".repeat(32)}`,
    ...changes,
  };
}
