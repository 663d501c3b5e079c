import { expect } from "chai";
import type { LinkLimits, LinkSpec } from "../../specs/links.ts";
import { currencyOf } from "../../src/app/program-access.ts";
import { type AskPlatform, nobodyToAsk } from "../../src/authorizer/ask-platform.ts";
import { expireHold } from "../../src/authorizer/expiry.ts";
import { must } from "../../src/kernel/assert.ts";
import type { Place } from "../../src/kernel/ids.ts";
import { minor } from "../../src/kernel/money.ts";
import { noControls } from "../../src/ledger/limits.ts";
import { openRecords } from "../../src/records/database.ts";
import { createAccount } from "../../src/resources/accounts/accounts.ts";
import { topUp } from "../../src/resources/balances/topups.ts";
import { createCardholder, plainCardholder } from "../../src/resources/issuing/cardholders.ts";
import { createCard } from "../../src/resources/issuing/cards.ts";
import { type Redis, createClient } from "../../src/store/client.ts";
import { readHashes } from "../../src/store/snapshot.ts";
import type { Message } from "../../src/iso8583/public.ts";
import { type SwitchEvent } from "../../src/switch/observation.ts";
import { type SwitchLimits, type SwitchLinks, defaultSwitchLimits, openLinks } from "../../src/switch/open-links.ts";
import { responseType } from "../../src/switch/reply.ts";
import { type VerifyReport, verify } from "../../src/verify/verify.ts";
import { atRest } from "../support/busy-program.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { MoneyState } from "../support/money-state.ts";
import { sharedRedis } from "../support/redis.ts";
import { linkOf, mastercardPurchase, purchase, visaPurchase } from "../switch/open-switch.ts";
import { ScriptedPeer } from "../switch/scripted-peer.ts";

export type Fields = Readonly<Record<string, string>>;
export type NetworkName = LinkSpec["network"];

/** A card with an account of its own, and what it costs to ask about it. */
export interface FlowCard {
  readonly pan: string;
  readonly account: Place;
  readonly chain: Place;
  readonly cardholder: number;
  readonly currency: number;
}

/** What the books say of a card: minor units of its currency; holds as the amounts that remain of each. */
export interface Ledger {
  readonly available: bigint;
  readonly held: bigint;
  readonly holds: readonly bigint[];
  /** In the daily window of the chain; null: nothing was ever counted. */
  readonly spentToday: bigint | null;
}

const networks = ["visa", "mastercard", "generic"] as const;

/** A whole switch on real sockets, a real Redis and real records, with three links. */
export class WireGround {
  readonly events: readonly SwitchEvent[];
  readonly test: TestEngine;
  readonly specs: Readonly<Record<NetworkName, LinkSpec>>;
  readonly #links: SwitchLinks;
  readonly #redis: Redis;
  readonly #state: MoneyState;
  readonly #peers: ScriptedPeer[] = [];
  #no = 0;

  private constructor(parts: {
    test: TestEngine;
    specs: WireGround["specs"];
    redis: Redis;
    links: SwitchLinks;
    events: SwitchEvent[];
  }) {
    this.events = parts.events;
    this.test = parts.test;
    this.specs = parts.specs;
    this.#redis = parts.redis;
    this.#links = parts.links;
    this.#state = new MoneyState(parts.redis, parts.test.engine.keyspace);
  }

  static async open(
    changes: Partial<Omit<LinkSpec, "limits">> & { limits?: Partial<LinkLimits> } = {},
    limits: Partial<SwitchLimits> = {},
    ask: AskPlatform = nobodyToAsk,
  ): Promise<WireGround> {
    const test = must(await openTestEngine({ shardCount: 1, ask }), "an engine");
    const { socketPath } = await sharedRedis();
    const redis = createClient({ address: { path: socketPath } });
    const specs = {
      visa: linkOf("visa", changes),
      mastercard: linkOf("mastercard", changes),
      generic: linkOf("generic", changes),
    };
    const events: SwitchEvent[] = [];
    const opened = await openLinks({
      links: networks.map((network) => specs[network]),
      authorizer: test.engine.authorizer,
      clock: test.clock,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
      metrics: { count: (event) => events.push(event), latency: () => undefined },
      limits: { ...defaultSwitchLimits, tickMs: 10, ...limits },
    });
    if (!opened.ok) throw new Error(opened.error);
    return new WireGround({ test, specs, redis, links: opened.value, events });
  }

  get sessions(): number {
    return this.#links.sessions().length;
  }

  /** A connection of the network, past its sign-on. */
  async peer(network: NetworkName): Promise<ScriptedPeer> {
    const peer = await this.stranger(network);
    if (network === "generic") return peer;
    peer.accept(await peer.message(1));
    await peer.message(2);
    peer.heard.length = 0;
    return peer;
  }

  /** A connection on which nobody has signed on. */
  async stranger(network: NetworkName): Promise<ScriptedPeer> {
    const spec = this.specs[network];
    const peer = await ScriptedPeer.connectTo(spec, this.#links.ports[spec.name] ?? 0);
    this.#peers.push(peer);
    return peer;
  }

  async card(options: { funds?: bigint; currency?: string; takesPartial?: boolean } = {}): Promise<FlowCard> {
    const { program } = this.test.access;
    const currency = currencyOf(options.currency ?? "usd");
    const account = await createAccount(program, 0, {
      businessName: "Test Inc",
      country: "US",
      currency: currency.code,
      partialApprovals: options.takesPartial ?? false,
    });
    const funds = options.funds ?? 100_00n;
    if (funds > 0n) await topUp(program, account, { amount: minor(funds), currency });
    const cardholder = await createCardholder(program, account, plainCardholder("Ada Test", "US"));
    const made = await createCard(program, account, {
      cardholder: cardholder.no,
      currency,
      network: "visa",
      type: "virtual",
      status: "active",
      cancellationReason: null,
      expMonth: 12,
      expYear: 2031,
      program: "standard",
      controls: noControls,
      pan: null,
    });
    return { pan: made.pan, account, chain: made.place, cardholder: cardholder.no, currency: currency.number };
  }

  /** A purchase with numbers of its own, as the network writes it; the same numbers in every message of its chain. */
  order(network: NetworkName, { pan, currency }: FlowCard, cents: number): Record<string, string> {
    const no = String(++this.#no).padStart(6, "0");
    const money = {
      "2": pan,
      "4": String(cents).padStart(12, "0"),
      "11": no,
      "14": "3112",
      "37": `R${no.padStart(11, "0")}`,
      "49": String(currency).padStart(3, "0"),
    };
    if (network === "visa") return visaPurchase({ ...money, "62.2": `306326584${no}` });
    if (network === "mastercard") return mastercardPurchase({ ...money, "63.2": `B${no}  ` });
    return purchase(money);
  }

  /** A STAN that no other message has. */
  stan(): string {
    return String(++this.#no + 500_000);
  }

  /** Says it and waits for the answer. */
  async ask(peer: ScriptedPeer, fields: Fields): Promise<Message> {
    const before = peer.heard.length;
    peer.say(fields);
    const isAnswer = (reply: Message): boolean =>
      reply.mti === responseType(fields["0"] ?? "") && reply.get("11") === fields["11"];
    await peer.until(() => peer.heard.slice(before).some(isAnswer), `an answer to ${fields["0"]}`, 5_000);
    return must(peer.heard.slice(before).find(isAnswer), "an answer");
  }

  /** Says it, and gives DE39 of the answer. */
  async code(peer: ScriptedPeer, fields: Fields): Promise<string | undefined> {
    return (await this.ask(peer, fields)).get("39");
  }

  async ledger({ account, chain, currency }: FlowCard): Promise<Ledger> {
    const { available, held } = await this.#state.account(account, currency);
    const counted = { chain, account, cardholder: 0, interval: "daily", categories: [] } as const;
    const counter = await this.#state.counter(counted);
    const holds = await this.#state.openHolds(chain);
    return { available, held, holds: holds.sort((a, b) => Number(a - b)), spentToday: counter?.spent ?? null };
  }

  /** What lets the one open hold of a card expire, as the due runner would, and says what became of it. */
  async due({ account, chain, cardholder, currency }: FlowCard): Promise<() => Promise<string>> {
    const hold = must(await this.#openHold(chain), "an open hold");
    const { committer, tables } = this.test.engine;
    const due = { shard: 0, account: account.no, chain: chain.no, card: chain.no, cardholder, currency, ...hold };
    const parts = { committer, tables, clock: this.test.clock };
    return () => expireHold(parts, { ...due, mcc: 5411, asFuel: false });
  }

  /** The whole of Redis and of the records, recomputed from the journal. */
  async verify(): Promise<VerifyReport> {
    await atRest(this.test, this.#redis);
    const opened = openRecords({ path: this.test.recordsPath, dataSetId: null, isDurable: false });
    if (!opened.ok) throw new Error(opened.error.message);
    const report = await verify({
      redis: this.#redis,
      keyspace: this.test.engine.keyspace,
      records: opened.value,
    });
    opened.value.close();
    return report;
  }

  /** Closes, and before that expects all books to agree. */
  async close(): Promise<void> {
    for (const peer of this.#peers) peer.close();
    await this.#links.signOffAndClose(1_000);
    const { violations } = await this.verify();
    this.#redis.disconnect();
    await this.test.close();
    expect(violations).to.deep.equal([]);
  }

  times(event: SwitchEvent): number {
    return this.events.filter((one) => one === event).length;
  }

  //  11 or 15 | outcome 1 | state 1 | approved 6 | code 3 | journal number 5 | …      at "m" and the message key
  async #openHold(chain: Place): Promise<{ holdKey: Uint8Array; holdNo: number } | null> {
    const key = this.test.engine.keyspace.chain(chain.shard, chain.no);
    for await (const [, found] of readHashes(this.#redis, [key])) {
      for (const [field, value] of found) {
        const bytes = Buffer.from(value);
        const isHold = field.startsWith("m") && (bytes[0] === 0x11 || bytes[0] === 0x15) && bytes[2] === 1;
        if (isHold) return { holdKey: Buffer.from(field.slice(1), "latin1"), holdNo: bytes.readUIntBE(12, 5) };
      }
    }
    return null;
  }
}
