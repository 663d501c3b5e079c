import { expect } from "chai";
import { KeyStore } from "../../src/hsm/key-store.ts";
import { PinCheck } from "../../src/hsm/pin-check.ts";
import { must } from "../../src/kernel/assert.ts";
import { wirePan } from "../../src/kernel/pan.ts";
import { updateCard } from "../../src/resources/issuing/cards.ts";
import { createClient } from "../../src/store/client.ts";
import { ChipCard, signedTags } from "../support/chip-card.ts";
import { sharedRedis } from "../support/redis.ts";
import { type FlowCard, type NetworkName, WireGround } from "./wire-ground.ts";

const expiry = 3112;

describe("flows: what proves card and holder", () => {
  let ground: WireGround;

  before(async () => {
    ground = await WireGround.open();
  });

  after(() => ground.close());

  it("approves with the three digits of the card's back and declines others, each network in its own words", async () => {
    for (const [network, path, answer, decline] of [
      ["visa", "126.10", "44.10", "N7"],
      ["mastercard", "48.92", "48.87", "82"],
    ] as const) {
      const card = await ground.card();
      const peer = await ground.peer(network);
      const right = codeOf(card);
      const written = (code: string) => ({ [path]: network === "visa" ? `11 ${code}` : code });

      const good = await ground.ask(peer, { ...ground.order(network, card, 10_00), ...written(right) });
      const bad = await ground.ask(peer, { ...ground.order(network, card, 10_00), ...written(otherThan(right)) });
      const without = await ground.ask(peer, ground.order(network, card, 10_00));

      expect([good.get("39"), good.get(answer)?.trim()]).to.deep.equal(["00", "M"]);
      expect([bad.get("39"), bad.get(answer)?.trim()]).to.deep.equal([decline, "N"]);
      expect([without.get("39"), without.get(answer)]).to.deep.equal(["00", undefined]);
      expect(await ground.ledger(card)).to.deep.include({ available: 80_00n, held: 20_00n });
    }
  });

  it("gives a repeat the answer of its first, proofs included, whatever its own code is", async () => {
    const card = await ground.card();
    const peer = await ground.peer("visa");
    const right = codeOf(card);
    const order = { ...ground.order("visa", card, 10_00), "126.10": `11 ${right}` };

    const first = await ground.ask(peer, order);
    const again = await ground.ask(peer, { ...order, "0": "0101" });

    expect([again.get("39"), again.get("38"), again.get("44.10")]).to.deep.equal(["00", first.get("38"), "M"]);
    expect(await ground.ledger(card)).to.deep.include({ held: 10_00n });
  });

  it("checks what proves card and holder behind their status and before the controls and the funds", async () => {
    const card = await ground.card({ funds: 0n });
    const peer = await ground.peer("visa");
    const wrong = { "126.10": `11 ${otherThan(codeOf(card))}` };

    expect(await ground.code(peer, { ...ground.order("visa", card, 10_00), ...wrong })).to.equal("N7");
    expect(await ground.code(peer, ground.order("visa", card, 10_00))).to.equal("51");
  });

  it("verifies the PIN of DE52 under the key of the link that it came by, in an 0100 and in an 0200", async () => {
    for (const network of ["visa", "mastercard", "generic"] as const) {
      const card = await ground.card();
      const peer = await ground.peer(network);
      const pin = pinOf(card);
      const sent = (text: string) => ({ "52": `hex:${blockOf(network, card, text)}` });

      const codes = [
        await ground.code(peer, { ...ground.order(network, card, 10_00), ...sent(pin) }),
        await ground.code(peer, { ...ground.order(network, card, 10_00), ...sent(otherThan(pin)) }),
        await ground.code(peer, { ...ground.order(network, card, 10_00), ...sent(otherThan(pin)), "0": "0200" }),
        await ground.code(peer, { ...ground.order(network, card, 10_00), ...sent(pin), "0": "0200" }),
      ];

      expect(codes, network).to.deep.equal(["00", "55", "55", "00"]);
      expect(await ground.ledger(card)).to.deep.include({ available: 80_00n, held: 10_00n });
    }
  });

  it("locks the PIN at the third wrong one in a row with 75, counts no repeat, and begins anew after a right one", async () => {
    const card = await ground.card();
    const peer = await ground.peer("visa");
    const pin = pinOf(card);
    const order = (text: string) => ({
      ...ground.order("visa", card, 1_00),
      "52": `hex:${blockOf("visa", card, text)}`,
    });
    const wrong = order(otherThan(pin));

    const codes = [
      await ground.code(peer, wrong),
      await ground.code(peer, { ...wrong, "0": "0101" }),
      await ground.code(peer, order(otherThan(pin))),
      await ground.code(peer, order(pin)),
      await ground.code(peer, order(otherThan(pin))),
      await ground.code(peer, { ...order(otherThan(pin)), "0": "0200" }),
      await ground.code(peer, order(otherThan(pin))),
      await ground.code(peer, order(pin)),
      await ground.code(peer, ground.order("visa", card, 1_00)),
    ];

    expect(codes).to.deep.equal(["55", "55", "55", "00", "55", "55", "75", "75", "00"]);
    expect(await ground.ledger(card)).to.deep.include({ held: 2_00n });
  });

  it("lets a locked PIN be tried again once the program has unlocked it", async () => {
    const card = await ground.card();
    const peer = await ground.peer("visa");
    const tried = (text: string) =>
      ground.code(peer, { ...ground.order("visa", card, 1_00), "52": `hex:${blockOf("visa", card, text)}` });
    const pin = pinOf(card);
    for (let no = 0; no < 3; no++) await tried(otherThan(pin));

    const locked = await tried(pin);
    await updateCard(ground.test.access.program, card.chain, ({ pin_resets: resets = 0 }) => ({
      pin_resets: resets + 1,
    }));
    const codes = [await tried(otherThan(pin)), await tried(pin)];

    expect([locked, ...codes]).to.deep.equal(["75", "55", "00"]);
  });

  it("counts no PIN of a credit, for which the card alone has to be valid", async () => {
    const card = await ground.card();
    const peer = await ground.peer("visa");
    const wrong = { "52": `hex:${blockOf("visa", card, otherThan(pinOf(card)))}` };
    const credit = { "3": "200000", ...wrong };

    for (let no = 0; no < 4; no++) {
      expect(await ground.code(peer, { ...ground.order("visa", card, 1_00), ...credit })).to.equal("00");
    }
    const right = { "52": `hex:${blockOf("visa", card, pinOf(card))}` };
    expect(await ground.code(peer, { ...ground.order("visa", card, 1_00), ...right })).to.equal("00");
  });

  it("recomputes the failed tries of a PIN, and finds a count that somebody has changed", async () => {
    const card = await ground.card();
    const peer = await ground.peer("visa");
    const wrong = { "52": `hex:${blockOf("visa", card, otherThan(pinOf(card)))}` };
    await ground.code(peer, { ...ground.order("visa", card, 1_00), ...wrong });
    const { socketPath } = await sharedRedis();
    const redis = createClient({ address: { path: socketPath } });
    const key = ground.test.engine.keyspace.chain(card.chain.shard, card.chain.no);
    const [field = ""] = (await redis.hkeys(key)).filter((name) => name.startsWith("t"));

    const sound = await ground.verify();
    await redis.hset(key, field, Buffer.of(1, 0));
    const changed = await ground.verify();
    await redis.hset(key, field, Buffer.of(1, 1));
    redis.disconnect();

    expect(sound.violations).to.deep.equal([]);
    expect(
      changed.violations.map(({ entity, expected, found }) => [entity.split(" card ")[0], expected, found]),
    ).to.deep.equal([["failed PINs of", "1", "0"]]);
  });

  for (const [network, version, path, answer, letters, decline] of [
    ["visa", "visa-style 10", "55.01", "44.8", ["2", "1"], "82"],
    ["visa", "visa-style 18", "55.01", "44.8", ["2", "1"], "82"],
    ["mastercard", "visa-style 22", "55", "48.74", ["50V", "50I"], "88"],
    ["generic", "visa-style 18", "55", "44", [undefined, undefined], "05"],
  ] as const) {
    it(`believes a chip by its cryptogram (${version}) on the ${network} link, and answers in tag 91`, async () => {
      const card = await ground.card();
      const peer = await ground.peer(network);
      const chip = new ChipCard(issuerKey(), card.pan);
      const tags = chip.tags(version);
      const sent = (values: Readonly<Record<string, string>>) => written(path, values);

      const good = await ground.ask(peer, { ...ground.order(network, card, 10_00), ...sent(tags) });
      const bad = await ground.ask(peer, {
        ...ground.order(network, card, 10_00),
        ...sent({ ...tags, "9F36": "0009" }),
      });
      const poor = await ground.ask(peer, { ...ground.order(network, card, 999_00), ...sent(tags) });

      expect([good.get("39"), good.get(answer)?.trim()]).to.deep.equal(["00", letters[0]]);
      expect([bad.get("39"), bad.get(answer)?.trim()]).to.deep.equal([decline, letters[1]]);
      expect(poor.get("39")).to.not.equal("00");
      for (const reply of [good, poor])
        expect(chip.accepts(version, tags, tag91(reply.get(`${path}.91`)))).to.equal(true);
      expect(good.get(`${path}.91`)).to.not.equal(poor.get(`${path}.91`));
      expect(bad.get(`${path}.91`)).to.equal(undefined);
      expect(await ground.ledger(card)).to.deep.include({ held: 10_00n });
    });
  }

  it("cannot verify a chip that leaves out what it has signed, or has a version of its own, and lets it pass", async () => {
    const card = await ground.card();
    const peer = await ground.peer("visa");
    const tags = new ChipCard(issuerKey(), card.pan).tags("visa-style 10");
    const { "9F37": _, ...cut } = tags;

    for (const sent of [cut, { ...tags, "9F10": "06010003a0a000" }]) {
      const reply = await ground.ask(peer, { ...ground.order("visa", card, 10_00), ...written("55.01", sent) });
      expect([reply.get("39"), reply.get("44.8"), reply.get("55")]).to.deep.equal(["00", undefined, undefined]);
    }
  });

  it("never asks an advice for proof: it tells what has happened", async () => {
    const card = await ground.card();
    const peer = await ground.peer("visa");
    const wrong = { "126.10": `11 ${otherThan(codeOf(card))}`, "0": "0120", "39": "00" };

    expect(await ground.code(peer, { ...ground.order("visa", card, 10_00), ...wrong })).to.equal("00");
    expect(await ground.ledger(card)).to.deep.include({ held: 10_00n });
  });

  function codeOf(card: FlowCard): string {
    return ground.test.engine.cardCodes.cvc2(wirePan(card.pan), expiry);
  }

  function pinOf(card: FlowCard): string {
    return new PinCheck(new KeyStore(ground.test.keys.cardKeys)).initialPin(wirePan(card.pan)).join("");
  }

  function blockOf(network: NetworkName, card: FlowCard, pin: string): string {
    const zone = new KeyStore(ground.test.keys.cardKeys).zonePin(ground.specs[network].name);
    const field = BigInt(`0x${`0${pin.length}${pin}`.padEnd(16, "f")}`) ^ BigInt(`0x0000${card.pan.slice(-13, -1)}`);
    return zone.encrypt(Buffer.from(field.toString(16).padStart(16, "0"), "hex")).toString("hex");
  }

  function issuerKey(): Uint8Array {
    const { cardKeys } = ground.test.keys;
    return must(
      cardKeys.find(({ attributes }) => attributes.label === "imk-ac"),
      "the issuer's key",
    ).key;
  }
});

function written(path: string, tags: Readonly<Record<string, string>>): Record<string, string> {
  const sent = [...signedTags, "9F10", "9F26", "9F27"].filter((tag) => tags[tag] !== undefined);
  return Object.fromEntries(sent.map((tag) => [`${path}.${tag}`, `hex:${tags[tag]}`]));
}

function tag91(value: string | undefined): string {
  return value?.slice("hex:".length) ?? "";
}

/** Digits of the same length with another last one. */
function otherThan(digits: string): string {
  return `${digits.slice(0, -1)}${(Number(digits.at(-1)) + 1) % 10}`;
}
