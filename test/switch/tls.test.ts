import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ConnectionOptions, type TLSSocket, connect as connectTls, createServer } from "node:tls";
import { expect } from "chai";
import type { LinkTls } from "../../specs/links.ts";
import { MovableClock } from "../../src/kernel/clock.ts";
import { readCredentials } from "../../src/switch/credentials.ts";
import { newAuthority } from "../support/certificates.ts";
import { freshFolder } from "../support/command.ts";
import { SwitchUnderTest, linkOf, purchase } from "./open-switch.ts";
import { ScriptedPeer, pause } from "./scripted-peer.ts";

describe("switch/tls", () => {
  let folder: ReturnType<typeof freshFolder>;
  let underTest: SwitchUnderTest;

  before(() => {
    folder = freshFolder();
    // Two authorities that do not know each other, and a certificate of 127.0.0.1 from each.
    for (const name of ["ours", "strange"]) {
      const authority = newAuthority(name, new MovableClock().wallNow());
      const { certificate, key } = authority.issue(name);
      writeFileSync(file(`${name}-ca.crt`), authority.certificate);
      writeFileSync(file(`${name}.crt`), certificate);
      writeFileSync(file(`${name}.key`), key);
    }
  });

  after(() => folder.remove());

  beforeEach(() => {
    underTest = new SwitchUnderTest();
  });

  afterEach(() => underTest.close());

  const file = (name: string): string => join(folder.path, name);
  const tlsOf = (authority: string, more: Partial<LinkTls> = {}): LinkTls => ({
    certificateFile: file(`${authority}.crt`),
    keyFile: file(`${authority}.key`),
    authorityFile: null,
    serverName: null,
    ...more,
  });

  /** The peer's end of a TLS connection; null where the handshake fails. */
  async function dial(port: number, options: ConnectionOptions = {}): Promise<ScriptedPeer | null> {
    const ca = readFileSync(file("ours-ca.crt"));
    const socket = connectTls({ host: "127.0.0.1", port, ca, ...options });
    const peer = new ScriptedPeer(linkOf("generic"), socket);
    const isUp = await new Promise<boolean>((resolve) => {
      socket.once("secureConnect", () => resolve(true));
      socket.once("close", () => resolve(false));
    });
    return isUp ? peer : null;
  }

  it("serves a link over TLS, and counts its connections until they are closed", async () => {
    const spec = linkOf("generic", { tls: tlsOf("ours"), limits: { connectionsAPeerMax: 1 } });
    const { ports } = await underTest.open([spec]);

    for (let no = 0; no < 3; no++) {
      const peer = (await dial(ports["generic"] ?? 0)) ?? expect.fail("no TLS");
      peer.say(purchase());
      expect((await peer.message(1)).get("39")).to.equal("00");
      peer.socket.end();
      await peer.closed();
      await peer.until(() => underTest.times("closed") === no + 1, "the switch to close, too");
      await pause(10);
    }
    expect(underTest.times("refused_connection")).to.equal(0);
  });

  it("does not speak in clear where the link wants TLS", async () => {
    const spec = linkOf("generic", { tls: tlsOf("ours") });
    const { ports } = await underTest.open([spec]);
    const peer = await underTest.connectAgain(spec, ports["generic"] ?? 0);

    peer.say(purchase());

    await peer.closed();
    expect([underTest.times("handshake_failed"), underTest.times("connected")]).to.deep.equal([1, 0]);
    expect(underTest.authorizer.authorizations).to.deep.equal([]);
  });

  it("wants a certificate of the authority that the link names, and takes no other", async () => {
    const spec = linkOf("generic", { tls: tlsOf("ours", { authorityFile: file("ours-ca.crt") }) });
    const { ports } = await underTest.open([spec]);
    const show = (authority: string): ConnectionOptions => ({
      cert: readFileSync(file(`${authority}.crt`)),
      key: readFileSync(file(`${authority}.key`)),
    });

    // TLS 1.3 lets a client believe that it is in before its certificate has been looked at.
    for (const options of [{}, show("strange")]) {
      const peer = await dial(ports["generic"] ?? 0, options);
      peer?.say(purchase());
      await peer?.closed();
    }
    const known = (await dial(ports["generic"] ?? 0, show("ours"))) ?? expect.fail("no TLS");
    known.say(purchase());

    expect((await known.message(1)).get("39")).to.equal("00");
    expect([underTest.times("handshake_failed"), underTest.authorizer.authorizations.length]).to.deep.equal([2, 1]);
  });

  it("turns a peer away that is not on the list before any handshake", async () => {
    const spec = linkOf("generic", { tls: tlsOf("ours"), peers: ["10.0.0.0/8"] });
    const { ports } = await underTest.open([spec]);

    const peer = await dial(ports["generic"] ?? 0);

    expect(peer).to.equal(null);
    expect(underTest.events).to.deep.equal(["refused_peer"]);
  });

  it("gives up a handshake that does not go on, and lets an address begin only so many a second", async () => {
    const limits = { handshakeMs: 60, handshakesAPeerASecondMax: 2 };
    const spec = linkOf("generic", { tls: tlsOf("ours"), limits });
    const { ports } = await underTest.open([spec]);

    // All within one second of the clock by which the switch counts.
    while (underTest.clock.monotonicNow() % 1000 > 500) await pause(20);
    const peers = await Promise.all(
      Array.from({ length: 4 }, () => underTest.connectAgain(spec, ports["generic"] ?? 0)),
    );
    await Promise.all(peers.map((peer) => peer.closed()));

    expect([underTest.times("handshake_failed"), underTest.times("refused_connection")]).to.deep.equal([2, 2]);
  });

  it("connects over TLS to a peer whose certificate its authority has signed, and to no other", async () => {
    const sockets: TLSSocket[] = [];
    const server = createServer(
      { cert: readFileSync(file("ours.crt")), key: readFileSync(file("ours.key")) },
      (socket) => sockets.push(socket),
    );
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const endpoint = { kind: "connect", host: "127.0.0.1", port } as const;
    const trusting = (authority: string): LinkTls => ({
      certificateFile: null,
      keyFile: null,
      authorityFile: file(`${authority}-ca.crt`),
      serverName: null,
    });
    const known = linkOf("generic", { endpoint, tls: trusting("ours") });
    await underTest.open([known, linkOf("mastercard", { endpoint, tls: trusting("strange") })]);

    for (let tries = 0; sockets.length === 0 && tries < 200; tries++) await pause(10);
    const socket = sockets[0] ?? expect.fail("nobody has connected");
    const peer = new ScriptedPeer(known, socket);
    peer.say(purchase());

    expect((await peer.message(1)).get("39")).to.equal("00");
    expect([sockets.length, underTest.times("connected")]).to.deep.equal([1, 1]);
    await underTest.close();
    for (const one of sockets) one.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it("says which file is wrong before a port is opened", () => {
    const causes = [
      tlsOf("ours", { certificateFile: file("nowhere.crt") }),
      tlsOf("ours", { keyFile: null }),
      tlsOf("ours", { keyFile: file("strange.key") }),
      { certificateFile: null, keyFile: null, authorityFile: null, serverName: null },
    ].map((tls) => readCredentials(linkOf("generic", { tls })));

    expect(causes.map((result) => (result.ok ? "fine" : result.error.replace(folder.path, "")))).to.satisfy(
      ([missing, alone, foreign, none]: string[]) =>
        missing?.startsWith("/nowhere.crt cannot be read for TLS") === true &&
        alone === "a certificate and its key belong together" &&
        foreign?.startsWith("the TLS certificate or key is unfit") === true &&
        none === "TLS needs a certificate where we listen",
    );
  });
});
