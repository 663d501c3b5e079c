import { createHash } from "node:crypto";
import { expect } from "chai";
import { apiIdentityOf, postingKeyOf } from "../../src/authorizer/api-identity.ts";

const bytesOf = (text: string): Buffer => createHash("sha256").update(text).digest();
const identityOf = (text: string): Uint8Array => bytesOf(text).subarray(0, 16);
const said = bytesOf("said").subarray(0, 8);

describe("authorizer/api-identity", () => {
  it("names a request as a network's message names itself", () => {
    const named = apiIdentityOf(identityOf("key"), said);

    expect(named.stan).to.match(/^\d{6}$/);
    expect(named.rrn).to.match(/^\d{12}$/);
    expect(named.networkChain).to.match(/^\d{15}$/);
    expect(named.acquirer).to.match(/^\d{11}$/);
  });

  it("names a repeat alike, and another request otherwise", () => {
    const first = apiIdentityOf(identityOf("key"), said);
    const others = Array.from({ length: 2_000 }, (_, i) => apiIdentityOf(identityOf(`key ${i}`), said));

    expect(apiIdentityOf(identityOf("key"), said)).to.deep.equal(first);
    expect(new Set(others.map(({ stan, rrn }) => `${stan} ${rrn}`)).size).to.equal(2_000);
    expect(new Set(others.map(({ networkChain }) => networkChain)).size).to.equal(2_000);
  });

  it("tells a repeat that asks for something else by its local time and date alone", () => {
    const [first, other] = [said, bytesOf("else").subarray(0, 8)].map((what) => apiIdentityOf(identityOf("key"), what));

    expect({ ...other, localTime: first?.localTime, localDate: first?.localDate }).to.deep.equal(first);
    expect(other?.localTime).to.not.equal(first?.localTime);
    expect(other?.localDate).to.not.equal(first?.localDate);
  });

  it("gives every posting a key of its own", () => {
    const keys = Array.from({ length: 2_000 }, (_, i) => Buffer.from(postingKeyOf(identityOf(`key ${i}`))));

    expect(keys.every(({ length }) => length === 8)).to.equal(true);
    expect(new Set(keys.map((key) => key.toString("hex"))).size).to.equal(2_000);
  });
});
