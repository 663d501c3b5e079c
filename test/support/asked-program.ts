import { expect } from "chai";
import { apiIdentityOf, postingKeyOf } from "../../src/authorizer/api-identity.ts";
import type { AskPlatform } from "../../src/authorizer/ask-platform.ts";
import type { ClearingRequest } from "../../src/authorizer/clearing.ts";
import { type AskAnswer, askedMessageOf } from "../../src/authorizer/resolve.ts";
import type { AuthorizationRequest } from "../../src/authorizer/request.ts";
import type { Place } from "../../src/kernel/ids.ts";
import { minor, zero } from "../../src/kernel/money.ts";
import { setAsking } from "../../src/resources/accounts/accounts.ts";
import type { AuthorizationEntry } from "../../src/store/entry.ts";
import { unpackEntry } from "../../src/store/journal-entry.ts";
import { createHash } from "node:crypto";
import { type TestEngine, openTestEngine } from "./engine.ts";
import { type SmallProgram, smallProgram } from "./small-program.ts";

/** What an endpoint may say: an answer; `silence`: nothing at all; `nobody`: there is no platform. */
type Said = AskAnswer | "silence" | "nobody";

export const approvedInFull: AskAnswer = { reason: "webhook_approved", amount: null, details: "" };
export const declinedByEndpoint: AskAnswer = { reason: "webhook_declined", amount: null, details: "" };

/** A program whose account has an endpoint that says what the test lets it say. */
export class AskedProgram {
  readonly test: TestEngine;
  readonly program: SmallProgram;
  readonly #endpoint: Endpoint;

  private constructor(test: TestEngine, program: SmallProgram, endpoint: Endpoint) {
    this.test = test;
    this.program = program;
    this.#endpoint = endpoint;
  }

  static async open(approvesByDefault: boolean): Promise<AskedProgram> {
    const endpoint = new Endpoint();
    const test = (await openTestEngine({ ask: endpoint })) ?? expect.fail("no engine");
    endpoint.test = test;
    const program = await smallProgram(test, 1_000_00n);
    await setAsking(test.access.program, program.account, { asksPlatform: true, approvesByDefault });
    return new AskedProgram(test, program, endpoint);
  }

  /** Places that were asked about. */
  get asked(): readonly Place[] {
    return this.#endpoint.asked;
  }

  says(said: Said): void {
    this.#endpoint.said = said;
  }

  /** Called when the next question comes, before it is answered. */
  onQuestion(act: () => Promise<unknown>): void {
    this.#endpoint.act = act;
  }

  entryOf(place: Place): Promise<AuthorizationEntry> {
    return entryOf(this.test, place);
  }

  async balance(): Promise<string> {
    await this.test.access.caughtUp(0);
    const [row] = this.test.access.queries.balances(this.program.account);
    return row === undefined ? "no balance" : `${row.available} available, ${row.held} held`;
  }

  /** A capture of all that was authorized, or what `more` says. */
  async clearingOf(place: Place | null, name: string, more: Partial<ClearingRequest> = {}): Promise<ClearingRequest> {
    const { account, card, cardholder } = this.program;
    const entry = place === null ? null : await this.entryOf(place);
    const identity = createHash("sha256").update(name).digest().subarray(0, 16);
    const { stan, acquirer, rrn, networkChain } = apiIdentityOf(identity, identity.subarray(0, 8));
    const amount = more.amount ?? entry?.approved ?? minor(1_00);
    return {
      card: { shard: 0, account: account.no, card: card.no, chain: entry?.chain ?? card.no, cardholder: cardholder.no },
      currency: 840,
      kind: "capture",
      amount,
      isFinal: true,
      authorization: entry === null ? null : { no: entry.no, holdKey: entry.messageKey, mcc: entry.mcc },
      postingKey: postingKeyOf(identity),
      fingerprint: Buffer.from("finger-1"),
      network: "visa",
      door: "api",
      stan,
      acquirer,
      rrn,
      networkChain: networkChain ?? "",
      transactionAmount: amount,
      transactionCurrency: 840,
      rate: 0,
      merchant: { terminal: "", id: "1234567890", nameLocation: "ROCKET RIDES" },
      mcc: entry?.mcc ?? 5812,
      merchantCountry: 840,
      isPresent: false,
      cashbackAmount: zero,
      authorizationCode: 0,
      settlementDate: "",
      details: "",
      ...more,
    };
  }
}

class Endpoint implements AskPlatform {
  test: TestEngine | null = null;
  said: Said = approvedInFull;
  act: (() => Promise<unknown>) | null = null;
  readonly asked: Place[] = [];

  ask(place: Place, _deadlineMs: number, done: (isResolved: boolean) => void): void {
    this.asked.push(place);
    void this.#answer(place, done);
  }

  async #answer(place: Place, done: (isResolved: boolean) => void): Promise<void> {
    const { act, said, test } = this;
    this.act = null;
    await act?.();
    if (test === null || said === "silence") return;
    if (said === "nobody") return done(false);
    await test.engine.authorizer.resolve(askedMessageOf(await entryOf(test, place)), said);
    done(true);
  }
}

async function entryOf(test: TestEngine, place: Place): Promise<AuthorizationEntry> {
  await test.access.caughtUp(place.shard);
  const bytes = test.access.queries.entryBytes(place) ?? expect.fail("no entry");
  const entry = unpackEntry(place.shard, place.no, bytes);
  return entry.kind === "authorization" ? entry : expect.fail("no authorization");
}

/** So that the endpoint has about three quarters of a second. */
export function inHaste(request: AuthorizationRequest): AuthorizationRequest {
  return { ...request, deadlineMs: request.wallNowMs + 100 };
}
