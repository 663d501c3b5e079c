import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { readLinksFile } from "../../src/config/links-file.ts";
import { FrameReader, type FramingName, frame, framings } from "../../src/iso8583/public.ts";
import { must } from "../../src/kernel/assert.ts";
import { type RunningSwitch, startSwitch } from "../../src/public.ts";
import { eventually, freshFolder } from "../support/command.ts";

/** BCD under BCD lengths, text in ASCII, the merchant category in field 26 and the chain's name inside field 60. */
const jposXml = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE isopackager PUBLIC "-//nobody//DTD none//EN" "http://nowhere.invalid/packager.dtd">
<isopackager>
  <isofield id="0" length="4" name="Type" class="org.jpos.iso.IFB_NUMERIC" pad="true"/>
  <isofield id="1" length="16" name="Bitmap" class="org.jpos.iso.IFB_BITMAP"/>
  <isofield id="2" length="19" name="PAN" class="org.jpos.iso.IFB_LLNUM"/>
  <isofield id="3" length="6" name="Code" class="org.jpos.iso.IFB_NUMERIC" pad="true"/>
  <isofield id="4" length="12" name="Amount" class="org.jpos.iso.IFB_NUMERIC" pad="true"/>
  <isofield id="7" length="10" name="Sent" class="org.jpos.iso.IFB_NUMERIC" pad="true"/>
  <isofield id="11" length="6" name="Trace" class="org.jpos.iso.IFB_NUMERIC" pad="true"/>
  <isofield id="26" length="4" name="Category" class="org.jpos.iso.IFB_NUMERIC" pad="true"/>
  <isofield id="32" length="11" name="Acquirer" class="org.jpos.iso.IFB_LLNUM" pad="true"/>
  <isofield id="37" length="12" name="Reference" class="org.jpos.iso.IF_CHAR"/>
  <isofield id="38" length="6" name="Approval" class="org.jpos.iso.IF_CHAR"/>
  <isofield id="39" length="2" name="Answer" class="org.jpos.iso.IF_CHAR"/>
  <isofield id="44" length="25" name="Reason" class="org.jpos.iso.IFB_LLCHAR"/>
  <isofield id="49" length="3" name="Currency" class="org.jpos.iso.IFB_NUMERIC" pad="true"/>
  <isofieldpackager id="60" length="99" name="Network data" class="org.jpos.iso.IFB_LLBINARY" emitBitmap="false"
    packager="org.jpos.iso.packager.GenericSubFieldPackager">
    <isofield id="1" length="15" name="Chain" class="org.jpos.iso.IFA_LLCHAR"/>
    <isofield id="2" length="4" name="Wallet" class="org.jpos.iso.IF_CHAR"/>
  </isofieldpackager>
  <isofield id="90" length="42" name="Original" class="org.jpos.iso.IFB_NUMERIC" pad="true"/>
</isopackager>`;

const jposLink = {
  name: "generic",
  network: "generic",
  endpoint: { kind: "listen", host: "127.0.0.1", port: 0 },
  spec: { jpos: "packager.xml" },
  mapping: {
    mcc: "26",
    networkChain: "60.1",
    echo: { authorization: [2, 3, 4, 7, 11, 32, 37, 49, 60], reversal: [2, 4, 11, 37, 49] },
  },
};

/** 1993 in ASCII: three digits in field 39, date and time in one field, the original and the new amount where 1987 has none. */
const moovJson = {
  name: "House 93",
  fields: {
    "0": { type: "String", length: 4, enc: "ASCII", prefix: "ASCII.Fixed" },
    "1": { type: "Bitmap", enc: "HexToASCII", prefix: "Hex.Fixed" },
    "2": { type: "String", length: 19, enc: "ASCII", prefix: "ASCII.LL" },
    "3": { type: "Numeric", length: 6, enc: "ASCII", prefix: "ASCII.Fixed" },
    "4": { type: "Numeric", length: 12, enc: "ASCII", prefix: "ASCII.Fixed" },
    "7": { type: "Numeric", length: 10, enc: "ASCII", prefix: "ASCII.Fixed" },
    "11": { type: "Numeric", length: 6, enc: "ASCII", prefix: "ASCII.Fixed" },
    "12": { type: "Numeric", length: 12, enc: "ASCII", prefix: "ASCII.Fixed" },
    "26": { type: "Numeric", length: 4, enc: "ASCII", prefix: "ASCII.Fixed" },
    "30": { type: "Numeric", length: 24, enc: "ASCII", prefix: "ASCII.Fixed" },
    "38": { type: "String", length: 6, enc: "ASCII", prefix: "ASCII.Fixed" },
    "39": { type: "Numeric", length: 3, enc: "ASCII", prefix: "ASCII.Fixed" },
    "49": { type: "String", length: 3, enc: "ASCII", prefix: "ASCII.Fixed" },
    "56": { type: "Numeric", length: 35, enc: "ASCII", prefix: "ASCII.LL" },
  },
};

const moovLink = {
  ...jposLink,
  spec: { moov: "house.json" },
  mapping: {
    version: "1",
    localDate: { path: "12", slice: { from: 2, length: 4 } },
    localTime: { path: "12", slice: { from: 6, length: 6 } },
    mcc: "26",
    responseCode: { path: "39", values: { "000": "00", "116": "51", "400": "25" } },
    originalType: { path: "56", slice: { from: 0, length: 4 } },
    originalStan: { path: "56", slice: { from: 4, length: 6 } },
    replacementAmount: { path: "30", slice: { from: 0, length: 12 } },
    echo: { authorization: [2, 4, 11], reversal: [4, 11] },
  },
};

describe("app/imported-links", () => {
  const closers: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });

  it("serves a packager of jPOS: a purchase, its repeat and its reversal, in the packager's own bytes", async () => {
    const running = await start(jposLink, "packager.xml", jposXml);
    const { account, pan, place } = card(running);
    const talk = await peer(running);
    const end = "0840 16 3130 30333036333236353834 41424344";
    const purchase = `7220004108008010 16 ${pan} 000000 000000002599 1122120000 000501 5411 06 400005 ${rrn} ${end}`;

    const approved = await talk(`0100 ${purchase}`);
    const again = await talk(`0101 ${purchase}`);
    await running.settled();
    const [held] = running.access.queries.authorizationsOfCard(place, { before: null, rowsMax: 2 });
    const undone = await talk(
      `0400 F220004108008000 0000004000000000 16 ${pan} 000000 000000002599 1122120500 000502 5411 06 400005 ${rrn} 0840
       0100 000501 1122120000 00000400005 00000000000`,
    );
    await running.settled();

    const code = Buffer.from(String(held?.authorizationCode).padStart(6, "0")).toString("hex");
    expect(approved).to.equal(
      plain(
        `0110 722000010E008010 16 ${pan} 000000 000000002599 1122120000 000501 06 400005 ${rrn} ${code} 3030 ${end}`,
      ),
    );
    expect(again).to.equal(approved);
    expect(held).to.include({ mcc: 5411, approved: 25_99n, remaining: 25_99n, transactionCurrency: 840 });
    expect(undone).to.equal(plain(`0410 502000000A008000 16 ${pan} 000000002599 000502 ${rrn} 3030 0840`));
    expect(running.access.queries.balances(account)[0]).to.include({ available: 10_000_00n, held: 0n });
    expect(await running.verify()).to.include({ isSound: true, openHolds: 0 });
  });

  it("serves a spec of moov of 1993: its codes, its dates and its partial reversals", async () => {
    const running = await start(moovLink, "house.json", JSON.stringify(moovJson));
    const { account, pan, place } = card(running);
    const talk = await peer(running);
    const purchase = (stan: string, amount: string): string =>
      text(`1100 7230004000008000 16${pan} 000000 ${amount} 1122120000 ${stan} 261122120000 5411 USD`);

    const approved = await talk(purchase("000501", "000000002599"));
    const declined = await talk(purchase("000502", "000000990000"));
    const lowered = await talk(
      text(
        `1420 7230000400008100 16${pan} 000000 000000002599 1122120500 000503 261122120000
         000000001000000000000000 USD 10 1100000501`,
      ),
    );
    await running.settled();

    const rows = running.access.queries.authorizationsOfCard(place, { before: null, rowsMax: 9 });
    const held = rows.find(({ stan }) => stan === 501);
    const code = String(held?.authorizationCode).padStart(6, "0");
    expect(ascii(approved)).to.equal(`11105020000006000000${`16${pan}`}000000002599000501${code}000`);
    expect(ascii(declined)).to.equal(`11105020000002000000${`16${pan}`}000000990000000502121`);
    expect(ascii(lowered)).to.equal("14301020000002000000000000002599000503000");
    expect(held).to.include({ approved: 25_99n, remaining: 10_00n, mcc: 5411, transactionCurrency: 840 });
    expect(running.access.queries.balances(account)[0]).to.include({ available: 9_990_00n, held: 10_00n });
    expect(await running.verify()).to.include({ isSound: true, openHolds: 1 });
  });

  for (const framing of ["ascii-digits-4", "etx"] as const) {
    it(`serves a spec of text in frames of ${framing}`, async () => {
      const running = await start({ ...moovLink, framing }, "house.json", JSON.stringify(moovJson));
      const { pan } = card(running);
      const talk = await peer(running, framing);

      const approved = await talk(
        text(`1100 7230004000008000 16${pan} 000000 000000002599 1122120000 000501 261122120000 5411 USD`),
      );

      expect(ascii(approved)).to.match(new RegExp(`^11105020000006000000(16${pan})000000002599000501\\d{6}000$`));
    });
  }

  it("takes advices and acts on them whatever the words for an approval and a decline are", async () => {
    const running = await start(moovLink, "house.json", JSON.stringify(moovJson));
    const { account, pan } = card(running);
    const talk = await peer(running);
    const advice = (stan: string, code: string): string =>
      text(`1120 7230004002008000 16${pan} 000000 000000002599 1122120000 ${stan} 261122120000 5411 ${code} USD`);

    const approved = await talk(advice("000501", "001"));
    const declined = await talk(advice("000502", "119"));
    await running.settled();

    expect(ascii(approved)).to.match(/000501261122120000000USD$/);
    expect(ascii(declined)).to.match(/000502261122120000000USD$/);
    expect(running.access.queries.balances(account)[0]).to.include({ held: 25_99n });
  });

  it("names a field that is missing by the number that it has for the peer", async () => {
    const running = await start(jposLink, "packager.xml", jposXml);
    const { pan } = card(running);
    const talk = await peer(running);

    const refused = await talk(
      `0100 7220000108008000 16 ${pan} 000000 000000002599 1122120000 000501 06 400005 ${rrn} 0840`,
    );

    expect(refused).to.match(/333003303236/);
  });

  it("tells a peer which of its own fields is wrong, and goes on", async () => {
    const running = await start(jposLink, "packager.xml", jposXml);
    const { pan } = card(running);
    const talk = await peer(running);

    const refused = await talk(
      `0100 7220004100008000 16 ${pan} 000000 000000002599 1322990000 000501 5411 06 400005 0840`,
    );
    const echoed = await talk("0800 0220000000000000 1122120000 000009");

    expect(refused).to.equal(
      plain(`0110 7220000102108000 16 ${pan} 000000 000000002599 1322990000 000501 06 400005 3330 03 303037 0840`),
    );
    expect(echoed).to.equal(plain("0810 0220000002000000 1122120000 000009 3330"));
  });

  it("does not open a link whose mapping names what its spec does not have", async () => {
    const link = { ...jposLink, mapping: { ...jposLink.mapping, rrn: "63.1" } };

    const message = await failure(link, "packager.xml", jposXml);

    expect(message).to.match(/^link generic with .*packager\.xml: "mapping\.rrn" names the field 63\.1, which/);
  });

  it("does not open a link whose codes the spec cannot write", async () => {
    const narrow = jposXml.replace('id="39" length="2"', 'id="39" length="1"');

    const message = await failure(jposLink, "packager.xml", narrow);

    expect(message).to.include('packager.xml: "mapping.responseCode" cannot be written');
  });

  it("does not open a link whose spec cannot be read, and says where", async () => {
    const broken = jposXml.replace("</isofieldpackager>", "");

    expect(await failure(jposLink, "packager.xml", broken)).to.match(
      /^link generic: .*packager\.xml, line \d+: this is not XML/,
    );
    expect(await failure(jposLink, "other.xml", jposXml)).to.match(/^link generic: .*packager\.xml cannot be read/);
  });

  async function start(link: unknown, file: string, spec: string): Promise<RunningSwitch> {
    const folder = freshFolder();
    closers.push(() => folder.remove());
    writeFileSync(join(folder.path, file), spec);
    writeFileSync(join(folder.path, "links.json"), JSON.stringify([link]));
    const links = readLinksFile(join(folder.path, "links.json"));
    if (!links.ok) throw new Error(links.error);
    const running = await startSwitch({ seed: "demo", volatile: true, shardCount: 2, links: links.value });
    closers.push(() => running.close());
    return running;
  }

  function failure(link: unknown, file: string, spec: string): Promise<string> {
    return start(link, file, spec).then(
      () => "a running switch",
      (error: Error) => error.message,
    );
  }

  /** One connection: a message in hexadecimal digits, and the answer to it. */
  async function peer(
    running: RunningSwitch,
    framing: FramingName = "two-byte-length",
  ): Promise<(message: string) => Promise<string>> {
    const socket = connect({ host: "127.0.0.1", port: running.generic.port, noDelay: true });
    closers.push(() => void socket.destroy());
    const heard: string[] = [];
    const reader = new FrameReader({ framing: framings[framing], frameBytesMax: 1_024 });
    const sink = {
      frame: (bytes: Uint8Array) => void heard.push(Buffer.from(bytes).toString("hex")),
      keepAlive: () => undefined,
      fatal: ({ code }: { code: string }) => void heard.push(code),
    };
    socket.on("data", (chunk) => reader.push(chunk, sink));
    return async (message) => {
      heard.length = 0;
      socket.write(frame(framings[framing], Buffer.from(plain(message), "hex")));
      await eventually(async () => heard.length > 0);
      expect(heard).to.have.length(1);
      return must(heard[0], "an answer");
    };
  }

  function card(running: RunningSwitch) {
    const demo = must(running.demo, "the demo program");
    const { account, pan, place } = must(demo.cards.get("us-1"), "card us-1");
    return { pan, place, account: must(demo.accounts.get(account), "its account") };
  }
});

// 632612000501 in ASCII.
const rrn = "363332363132303030353031";

function plain(hex: string): string {
  return hex.replaceAll(/\s/g, "").toLowerCase();
}

function text(characters: string): string {
  return Buffer.from(characters.replaceAll(/\s/g, "")).toString("hex");
}

function ascii(hex: string): string {
  return Buffer.from(hex, "hex").toString("latin1");
}
