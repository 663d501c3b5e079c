import { expect } from "chai";
import type Stripe from "stripe";
import { routes } from "../../src/resources/routes.ts";
import { type ApiUnderTest, openApiUnderTest } from "../support/api.ts";
import { type CardProgram, eventTypes, expectSoundBooks } from "../support/card-program.ts";
import { Loss, type Post, repeatingClient } from "../support/lost-answers.ts";
import { sdkSteps } from "../support/sdk-steps.ts";
import { type Walk, openWalk } from "../support/sdk-walk.ts";
import { checkingClient } from "../support/strict-answers.ts";

/** They keep nothing, so that there is nothing to be known again: whoever asks again is told what is so now. */
const keepNothing = [/\/login_links$/u, /\/issuing\/funding_instructions$/u];
/** It is ended once, and whoever asks for its end again is told of that one. */
const endsOnce = /\/authorizations\/\w+\/expire$/u;
/** The network answers right behind. */
const goesOn = /\/disputes\/\w+\/submit$/u;

/** What can be seen of all that has happened: each list of the API and how long it is, and every movement of money. */
interface Effects {
  readonly lengths: readonly [path: string, ofProgram: number, ofPlatform: number][];
  readonly events: readonly string[];
  readonly movements: readonly string[];
  readonly balances: readonly unknown[];
}

const ofPlatforms = new Set(["/v1/accounts", "/v1/transfers"]);

/** Whoever asks for tokens has to name a card. */
const lists = routes.filter(
  ({ method, operation, path }) =>
    method === "GET" && !path.includes("{") && operation?.endsWith(".list") === true && !path.endsWith("/tokens"),
);

describe("a POST whose answer was lost", () => {
  let undisturbed: Effects;
  let posts: readonly Post[];

  before(async () => {
    ({ effects: undisturbed, posts } = await walk(null));
  });

  for (const { path } of routes.filter(({ method }) => method === "POST")) {
    it(`is sent here: POST ${path}`, () => {
      const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/gu, "\\w+")}$`, "u");

      expect(posts.filter((post) => pattern.test(post.path))).not.to.have.lengthOf(0);
    });
  }

  it("is told the same again, and marked as told before", () => {
    expectSame(posts);
  });

  for (const nth of [1, 2, 3, 4]) {
    it(`is carried out once, though what the store said to its call no. ${nth} was lost`, async () => {
      const walked = await walk(nth);

      const lost = walked.posts.filter(({ wasLost }) => wasLost);
      expect(lost).not.to.have.lengthOf(0);
      expectSame(walked.posts.filter(({ wasLost }) => !wasLost));
      for (const { again, got, path } of lost) {
        expect(again.status, path).to.equal(path.includes("/tokens/") ? 404 : 200);
        if (got !== null && !goesOn.test(path)) expect(got, path).to.deep.equal(withoutSecret(again.body));
      }
      expect(walked.effects).to.deep.equal(undisturbed);
    });
  }
});

/** Walks through the API, each POST sent twice; of each the answer to the nth call of the store is lost (null: none). */
async function walk(nth: number | null): Promise<{ readonly effects: Effects; readonly posts: readonly Post[] }> {
  const posts: Post[] = [];
  const api = await openApiUnderTest();
  try {
    const loss = nth === null ? null : new Loss(api.running.access.program.committer.hot, nth);
    const httpClient = repeatingClient(checkingClient(), loss, posts);
    const stripe = await api.running.stripe({ maxNetworkRetries: 1, telemetry: false, httpClient });
    const steps = await openWalk(stripe, api.running.api.url);
    for (const { call } of sdkSteps) await call(steps);
    await postRaw(steps);
    const { program } = steps;
    // What a request has left to whoever is due.
    await api.running.clock.advance("1m");
    await expectSoundBooks(api, program);
    return { effects: await effectsOf(api, program), posts };
  } finally {
    await api.running.close();
  }
}

/** What only `rawRequest` reaches. */
async function postRaw({ as, program, stripe }: Walk): Promise<void> {
  const instructions = {
    currency: "usd",
    funding_type: "bank_transfer",
    bank_transfer: { type: "us_bank_transfer" },
  };
  const raw: readonly [string, object][] = [
    ["/v1/issuing/funding_instructions", instructions],
    ["/v1/test_helpers/issuing/fund_balance", { amount: 5_000, currency: "usd" }],
    [`/v1/issuing/cards/${program.card.id}/test/authorizations`, { amount: 400 }],
  ];
  for (const [path, wish] of raw) await stripe.rawRequest("POST", path, wish, { ...as, idempotencyKey: path });
}

function expectSame(posts: readonly Post[]): void {
  for (const { again, first, got, path } of posts) {
    if (keepNothing.some((pattern) => pattern.test(path))) continue;
    expect(again.body, path).to.deep.equal(first.body);
    expect(again.isReplayed, path).to.equal(!endsOnce.test(path));
    if (got !== null && !goesOn.test(path)) expect(got, path).to.deep.equal(withoutSecret(again.body));
  }
}

/** The secret of an endpoint is told when it is made, and never again. */
function withoutSecret(body: unknown): unknown {
  const { secret: _, ...rest } = Object(body) as { readonly secret?: string };
  return rest;
}

async function effectsOf(api: ApiUnderTest, program: CardProgram): Promise<Effects> {
  const { stripe } = api;
  const lengthOf = async (path: string, options: object): Promise<number> => {
    const list: unknown = await stripe.rawRequest("GET", `${path}?limit=100`, undefined, options);
    return (list as Stripe.ApiList<unknown>).data.length;
  };
  const lengths: Effects["lengths"][number][] = [];
  for (const { path } of lists) {
    const ofProgram = ofPlatforms.has(path) ? 0 : await lengthOf(path, program.as);
    lengths.push([path, ofProgram, await lengthOf(path, {})]);
  }
  const movements: string[] = [];
  for (const options of [program.as, {}]) {
    for await (const { amount, balance_type, type } of stripe.balanceTransactions.list({ limit: 100 }, options)) {
      movements.push(`${balance_type} ${type} ${amount}`);
    }
  }
  const balances = [await stripe.balance.retrieve({}, program.as), await stripe.balance.retrieve()];
  return {
    lengths,
    events: (await eventTypes(api, program)).toSorted(),
    movements: movements.toSorted(),
    balances: balances.map(({ available, issuing, pending }) => ({ available, issuing, pending })),
  };
}
