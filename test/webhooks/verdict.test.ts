import { expect } from "chai";
import Stripe from "stripe";
import { ManualClock } from "../../src/kernel/clock.ts";
import { fail, ok } from "../../src/kernel/result.ts";
import { Breaker } from "../../src/webhooks/breaker.ts";
import { signatureOf } from "../../src/webhooks/signature.ts";
import { type Verdict, verdictOf } from "../../src/webhooks/verdict.ts";

const version = { "stripe-version": "2026-10-28.endive" };

function verdict(body: string, changes: { status?: number; headers?: Record<string, string> } = {}): Verdict {
  return verdictOf(ok({ status: changes.status ?? 200, headers: changes.headers ?? version, body }));
}

describe("webhooks/verdict", () => {
  it("reads a direct reply with what it may say", () => {
    expect(verdict('{"approved":true}')).to.deep.equal({
      kind: "answered",
      isApproved: true,
      amount: null,
      metadata: {},
    });
    expect(verdict('{"approved":true,"amount":700,"metadata":{"a":"b"}}')).to.deep.include({ amount: 700 });
    expect(verdict('{"approved":false}')).to.deep.include({ kind: "answered", isApproved: false });
  });

  it("calls everything else unusable, and says what is wrong with it", () => {
    const unusable: readonly Verdict[] = [
      verdict('{"approved":true}', { status: 201 }),
      verdict('{"approved":true}', { status: 302 }),
      verdict('{"approved":true}', { headers: {} }),
      verdict(""),
      verdict("{"),
      verdict("[true]"),
      verdict("null"),
      verdict("{}"),
      verdict('{"approved":"true"}'),
      verdict('{"approved":1}'),
      verdict('{"approved":true,"amount":0}'),
      verdict('{"approved":true,"amount":-1}'),
      verdict('{"approved":true,"amount":1.5}'),
      verdict('{"approved":true,"amount":1000000000000}'),
      verdict('{"approved":true,"amount":"7"}'),
      verdict('{"approved":true,"metadata":{"a":1}}'),
      verdict('{"approved":true,"metadata":["a"]}'),
      verdictOf(fail({ code: "failed", message: "nobody is there" })),
    ];

    expect(unusable.filter(({ kind }) => kind !== "unusable")).to.deep.equal([]);
    expect(unusable.every((each) => each.kind === "unusable" && each.message !== "")).to.equal(true);
  });

  it("tells silence from a bad answer: for silence the account has a default", () => {
    expect(verdictOf(fail({ code: "timed_out", message: "" }))).to.deep.equal({ kind: "timed_out" });
  });

  it("keeps a key like __proto__ of somebody's metadata as the text that it is", () => {
    const read = verdict('{"approved":true,"metadata":{"__proto__":"x"}}');

    expect(read.kind === "answered" && Object.entries(read.metadata)).to.deep.equal([["__proto__", "x"]]);
    expect(({} as Record<string, unknown>)["x"]).to.equal(undefined);
  });
});

describe("webhooks/signature", () => {
  it("is accepted by the official SDK, also with the older of two secrets, and refused with any other", () => {
    const payload = '{"id":"evt_1","object":"event"}';
    const timestampS = Math.floor(Date.now() / 1000);
    const header = signatureOf(payload, { secrets: ["whsec_new", "whsec_old"], timestampS });
    const { webhooks } = new Stripe("sk_test_any");

    expect(webhooks.constructEvent(payload, header, "whsec_new").id).to.equal("evt_1");
    expect(webhooks.constructEvent(payload, header, "whsec_old").id).to.equal("evt_1");
    expect(() => webhooks.constructEvent(payload, header, "whsec_other")).to.throw();
    expect(() => webhooks.constructEvent(`${payload} `, header, "whsec_new")).to.throw();
  });
});

describe("webhooks/breaker", () => {
  it("leaves an endpoint alone after twenty failures that are half of its calls, and tries again after its rest", () => {
    const clock = new ManualClock(0);
    const breaker = new Breaker(clock);

    for (let i = 0; i < 19; i++) breaker.note("a", true);
    const before = breaker.rests("a");
    breaker.note("a", true);
    const after = breaker.rests("a");
    const other = breaker.rests("b");
    clock.wallMs += 5_001;

    expect([before, after, other, breaker.rests("a")]).to.deep.equal([false, true, false, false]);
  });

  it("goes on with one that fails less often than it answers, and forgets failures of long ago", () => {
    const clock = new ManualClock(0);
    const breaker = new Breaker(clock);

    for (let i = 0; i < 30; i++) breaker.note("busy", false);
    for (let i = 0; i < 25; i++) breaker.note("busy", true);
    for (let i = 0; i < 19; i++) breaker.note("old", true);
    clock.wallMs += 10_001;
    breaker.note("old", true);

    expect([breaker.rests("busy"), breaker.rests("old")]).to.deep.equal([false, false]);
  });
});
