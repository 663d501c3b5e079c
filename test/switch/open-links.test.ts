import { expect } from "chai";
import type { AuthorizationDecision } from "../../src/authorizer/decision.ts";
import { PeerList } from "../../src/switch/peer-list.ts";
import { SwitchUnderTest, approval, linkOf, purchase, reversal, visaPurchase } from "./open-switch.ts";
import { ScriptedNetwork, pause } from "./scripted-peer.ts";

describe("switch/open-links", () => {
  let underTest: SwitchUnderTest;

  beforeEach(() => {
    underTest = new SwitchUnderTest();
  });

  afterEach(() => underTest.close());

  it("turns away a peer that is not on the list before it can say a word", async () => {
    const spec = linkOf("generic", { peers: ["10.0.0.0/8"] });
    const { ports, sessions } = await underTest.open([spec]);
    const peer = await underTest.connectAgain(spec, ports["generic"] ?? 0);

    peer.say(purchase());

    await peer.closed();
    expect(underTest.events).to.deep.equal(["refused_peer"]);
    expect(sessions()).to.deep.equal([]);
  });

  it("turns away connections beyond the limit, and takes new ones when one has gone", async () => {
    const spec = linkOf("generic", { limits: { connectionsAPeerMax: 1 } });
    const { ports } = await underTest.open([spec]);
    const first = await underTest.connectAgain(spec, ports["generic"] ?? 0);
    first.say(purchase());
    await first.message(1);

    const second = await underTest.connectAgain(spec, ports["generic"] ?? 0);
    await second.closed();
    first.close();
    await second.until(() => underTest.times("closed") === 1, "the first to be gone");
    const third = await underTest.connectAgain(spec, ports["generic"] ?? 0);
    third.say(purchase());

    expect((await third.message(1)).get("39")).to.equal("00");
    expect(underTest.times("refused_connection")).to.equal(1);
  });

  it("counts the connections of the whole process, whichever address and link they come in on", async () => {
    const [plain, visa] = [linkOf("generic"), linkOf("visa")];
    const { ports, sessions } = await underTest.open([plain, visa], { connectionsMax: 2 });
    const places = [
      [plain, "127.0.0.1"],
      [visa, "127.0.0.2"],
      [plain, "127.0.0.3"],
    ] as const;

    const peers = [];
    for (const [spec, from] of places) {
      peers.push(await underTest.connectAgain(spec, ports[spec.name] ?? 0, from));
      await pause(10);
    }
    await peers[2]?.closed();

    expect(peers.map(({ isClosed }) => isClosed)).to.deep.equal([false, false, true]);
    expect([sessions().length, underTest.times("refused_connection")]).to.deep.equal([2, 1]);
  });

  it("counts the connections of one address on all links together, and not those of others", async () => {
    const limits = { connectionsAPeerMax: 1 };
    const [plain, visa] = [linkOf("generic", { limits }), linkOf("visa", { limits })];
    const { ports } = await underTest.open([plain, visa]);
    const first = await underTest.connectAgain(plain, ports["generic"] ?? 0, "127.0.0.1");
    const second = await underTest.connectAgain(visa, ports["visa-style"] ?? 0, "127.0.0.1");
    const third = await underTest.connectAgain(visa, ports["visa-style"] ?? 0, "127.0.0.2");

    await second.closed();
    await third.message(1);

    expect([first.isClosed, third.isClosed]).to.deep.equal([false, false]);
  });

  it("says which link cannot be opened and why, and leaves none open", async () => {
    const first = linkOf("generic");
    const { ports } = await underTest.open([first]);
    const port = ports["generic"] ?? 0;
    const taken = linkOf("visa", { endpoint: { kind: "listen", host: "127.0.0.1", port } });
    const free = await ScriptedNetwork.listen(first);
    await free.close();

    let cause = "";
    const opened = linkOf("mastercard", { endpoint: { kind: "listen", host: "127.0.0.1", port: free.port } });
    await underTest.open([opened, taken]).catch((error: unknown) => {
      cause = String(error);
    });

    expect(cause).to.match(/link visa-style: .*EADDRINUSE/);
    const peer = await underTest.connectAgain(opened, free.port);
    await peer.closed();
    expect(underTest.times("connected")).to.equal(0);
  });

  it("says which entry of a list of peers is none", () => {
    const lists = [
      ["127.0.0.1", "here"],
      ["10.0.0.0/33"],
      ["::1/129"],
      ["10.0.0.0/x"],
      ["127.0.0.1", "::1", "10.0.0.0/8"],
    ];

    expect(lists.map((list) => PeerList.parse(list)).map((list) => (list.ok ? "fine" : list.error))).to.deep.equal([
      "here",
      "10.0.0.0/33",
      "::1/129",
      "10.0.0.0/x",
      "fine",
    ]);
  });

  it("knows an IPv4 peer in either way of writing it", () => {
    const list = PeerList.parse(["127.0.0.0/8"]);

    const admitted = ["127.0.0.1", "::ffff:127.3.2.1", "128.0.0.1", "::1", ""].filter(
      (address) => list.ok && list.value.admits(address),
    );
    expect(admitted).to.deep.equal(["127.0.0.1", "::ffff:127.3.2.1"]);
  });

  it("connects to a network, and again after the connection was lost", async () => {
    const network = await ScriptedNetwork.listen(linkOf("visa"));
    const endpoint = { kind: "connect", host: "127.0.0.1", port: network.port } as const;
    const { sessions } = await underTest.open([linkOf("visa", { endpoint, limits: { reconnectMs: 20 } })]);
    const first = await network.peer(1);
    first.accept(await first.message(1));
    await first.message(2);

    first.close();
    const second = await network.peer(2);
    second.accept(await second.message(1));
    await second.message(2);
    second.say(visaPurchase());

    expect((await second.message(3)).get("39")).to.equal("00");
    expect(sessions()).to.have.length(1);
    await underTest.close();
    await network.close();
  });

  it("comes back quickly each time where the network has spoken, and no more once it is closed", async () => {
    const network = await ScriptedNetwork.listen(linkOf("generic"));
    const endpoint = { kind: "connect", host: "127.0.0.1", port: network.port } as const;
    await underTest.open([linkOf("generic", { endpoint, limits: { reconnectMs: 200 } })]);

    const startMs = performance.now();
    for (let no = 1; no <= 5; no++) {
      const peer = await network.peer(no);
      peer.say(purchase());
      await peer.message(1);
      peer.close();
    }
    await network.peer(6);
    const elapsedMs = performance.now() - startMs;
    await underTest.close();
    await pause(200);

    expect(elapsedMs).to.be.below(6_000);
    expect(network.peers).to.have.length(6);
    await network.close();
  });

  it("keeps trying a network that is not there, ever more slowly, and comes through when it is", async () => {
    const gone = await ScriptedNetwork.listen(linkOf("generic"));
    const { port } = gone;
    await gone.close();
    const endpoint = { kind: "connect", host: "127.0.0.1", port } as const;
    await underTest.open([linkOf("generic", { endpoint, limits: { reconnectMs: 10, reconnectMaxMs: 40 } })]);

    await pause(150);
    const network = await ScriptedNetwork.listen(linkOf("generic"), port);
    const peer = await network.peer(1);
    peer.say(purchase());

    expect((await peer.message(1)).get("39")).to.equal("00");
    await underTest.close();
    await network.close();
  });

  it("signs off, answers what is in flight, turns away what is new, and closes", async () => {
    const spec = linkOf("visa");
    const links = await underTest.open([spec]);
    const peer = await underTest.connectAgain(spec, links.ports["visa-style"] ?? 0);
    peer.accept(await peer.message(1));
    await peer.message(2);
    const waiting: ((decision: AuthorizationDecision) => void)[] = [];
    underTest.authorizer.decide = (_, done) => void waiting.push(done);
    for (let no = 1; no <= 50; no++) peer.say(visaPurchase({ "11": String(no).padStart(6, "0") }));
    await peer.until(() => waiting.length === 50, "fifty requests in flight");

    const closing = links.signOffAndClose(3_000);
    const signOff = await peer.message(3);
    peer.accept(signOff);
    peer.say(visaPurchase({ "11": "000777" }));
    const refused = await peer.message(4);
    for (const done of waiting) done(approval());
    await closing;
    await peer.closed();

    expect([signOff.mti, signOff.get("70")]).to.deep.equal(["0800", "002"]);
    expect([refused.get("11"), refused.get("39")]).to.deep.equal(["000777", "91"]);
    expect(peer.heard.slice(4).filter((reply) => reply.get("39") === "00")).to.have.length(50);
    const late = await underTest.connectAgain(spec, links.ports["visa-style"] ?? 0);
    await late.closed();
  });

  it("waits for a reversal in flight before it closes", async () => {
    const spec = linkOf("generic");
    const links = await underTest.open([spec]);
    const peer = await underTest.connectAgain(spec, links.ports["generic"] ?? 0);
    const { undo } = underTest.authorizer;
    underTest.authorizer.undo = (request, done) => void setTimeout(() => undo(request, done), 150);
    peer.say(reversal());
    await peer.until(() => underTest.authorizer.reversals.length === 1, "the reversal in flight");

    const startMs = performance.now();
    await links.signOffAndClose(15_000);

    expect((await peer.message(1)).get("39")).to.equal("00");
    expect(performance.now() - startMs).to.be.below(12_000);
  });

  it("waits for the answer to its sign-off, but not for ever", async () => {
    const spec = linkOf("generic", { signOn: "by-us", limits: { signOffWaitMs: 3_000 } });
    const answering = await underTest.connect(spec);
    const startMs = performance.now();
    const closed = underTest.close(5_000);
    const signOff = await answering.message(1);
    await pause(150);
    answering.accept(signOff);
    await closed;
    const answeredMs = performance.now() - startMs;

    await underTest.connect(spec);
    const againMs = performance.now();
    await underTest.close(5_000);

    expect(answeredMs).to.be.within(145, 2_950);
    expect(performance.now() - againMs).to.be.at.least(2_990);
  });

  it("cuts connections when the grace is over, whatever is in flight", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    underTest.authorizer.decide = () => undefined;
    peer.say(purchase());
    await peer.until(() => underTest.authorizer.authorizations.length === 1, "the request in flight");

    const startMs = performance.now();
    await underTest.close(100);

    expect(performance.now() - startMs).to.be.at.least(90);
    await peer.closed();
  });

  it("keeps the last messages and shows no PAN, no expiry and no track", async () => {
    const spec = linkOf("generic");
    const links = await underTest.open([spec], { messagesKept: 3 });
    const peer = await underTest.connectAgain(spec, links.ports["generic"] ?? 0);
    for (const stan of ["000001", "000002"]) {
      peer.say(purchase({ "11": stan, "35": "4000008412345678=29061010000000000000" }));
      await peer.message(Number(stan));
    }

    const messages = links.messages();

    expect(messages.map(({ direction, fields }) => `${direction} ${fields["0"]} ${fields["11"]}`)).to.deep.equal([
      "out 0110 000001",
      "in 0100 000002",
      "out 0110 000002",
    ]);
    expect(messages[1]?.fields).to.include({ "2": "400000******5678", "14": "****", "35": "*".repeat(37) });
    expect(JSON.stringify(messages)).not.to.include("4000008412345678");
  });

  it("keeps no more bytes of messages than it may", async () => {
    const spec = linkOf("generic");
    const links = await underTest.open([spec], { messagesKept: 100, messageBytesKept: 1_000 });
    const peer = await underTest.connectAgain(spec, links.ports["generic"] ?? 0);
    for (let no = 1; no <= 10; no++) peer.say(purchase({ "11": String(no).padStart(6, "0") }));
    await peer.message(10);

    const messages = links.messages();

    expect(messages.length).to.be.within(2, 6);
    expect(messages.at(-1)?.fields).to.include({ "0": "0110", "11": "000010" });
    expect(messages.every(({ fault }) => fault === null)).to.equal(true);
  });

  it("tells a listener of every message until it has heard enough", async () => {
    const spec = linkOf("generic");
    const links = await underTest.open([spec]);
    const peer = await underTest.connectAgain(spec, links.ports["generic"] ?? 0);
    const heard: string[] = [];
    const stop = links.onMessage(({ direction, fields }) => heard.push(`${direction} ${fields["39"] ?? ""}`));

    peer.say(purchase());
    await peer.message(1);
    stop();
    peer.say(purchase());
    await peer.message(2);

    expect(heard).to.deep.equal(["in ", "out 00"]);
  });
});
