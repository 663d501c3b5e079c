import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readConfig } from "../../src/config.ts";
import { readLinksFile } from "../../src/config/links-file.ts";
import { freshFolder } from "../support/command.ts";

describe("config/links-file", () => {
  let folder: ReturnType<typeof freshFolder>;
  let file: string;
  beforeEach(() => {
    folder = freshFolder();
    file = join(folder.path, "links.json");
  });
  afterEach(() => folder.remove());

  const acquirer = {
    name: "acquirer",
    network: "generic",
    endpoint: { kind: "connect", host: "127.0.0.1", port: 9000 },
  };

  const plain = { ...acquirer, name: "in-clear" };

  function read(content: unknown) {
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return readLinksFile(file);
  }

  it("takes from the default link of the network what an object leaves out, its limits one by one", () => {
    const links = read([{ ...acquirer, signOn: "by-them", limits: { inFlightMax: 10 } }]);

    expect(links.ok && links.value[0]).to.deep.include({ ...acquirer, signOn: "by-them", dialect: "iso87-ascii" });
    expect(links.ok && links.value[0]?.limits).to.include({ inFlightMax: 10, frameBytesMax: 8_192, echoIdleMs: null });
  });

  it("names the file, the link and the field of everything that cannot be", () => {
    const broken: readonly [unknown, string][] = [
      ["[", "cannot be read as links"],
      [[], "has to be a list of links, at least one"],
      [[acquirer, acquirer], 'link 2: another link has the name "acquirer"'],
      [
        [{ ...acquirer, dialect: "klingon" }],
        'link 1: "dialect" has to be visa-style, mastercard-style or iso87-ascii',
      ],
      [[{ ...acquirer, framing: "semaphore" }], 'link 1: "framing" has to be two-byte-length, two-byte-inclusive'],
      [[{ ...acquirer, speed: 9 }], 'link 1: there is no field "speed"'],
      [[{ ...acquirer, network: "amex" }], 'link 1: "network" has to be visa, mastercard or generic'],
      [[{ ...acquirer, peers: ["home sweet home"] }], 'link 1: "peers" has to be a list of addresses and subnets'],
      [[{ ...acquirer, tls: { password: "secret" } }], 'link 1: "tls" has to be null, or paths of PEM files'],
      [[{ ...acquirer, cashbackShortfall: "none" }], 'link 1: "cashbackShortfall" has to be partial or purchase_only'],
      [[{ ...acquirer, limits: { frameBytesMax: -1 } }], 'link 1: "limits" has to be whole numbers above zero'],
      [[{ ...acquirer, endpoint: { kind: "listen", host: "::1", port: 70_000 } }], 'link 1: "endpoint" has to be'],
    ];

    for (const [content, complaint] of broken) {
      const links = read(content);

      expect(links.ok ? "taken" : links.error)
        .to.include(complaint)
        .and.to.include(file);
    }
  });

  it("sees the paths of certificates from where the file lies", () => {
    const links = read([{ ...acquirer, tls: { certificateFile: "tls/ours.crt", keyFile: "/etc/ours.key" } }, plain]);

    expect(links.ok && links.value.map(({ tls }) => tls)).to.deep.equal([
      {
        certificateFile: join(folder.path, "tls/ours.crt"),
        keyFile: "/etc/ours.key",
        authorityFile: null,
        serverName: null,
      },
      null,
    ]);
  });

  it("puts its links in the place of the three", () => {
    writeFileSync(file, JSON.stringify([acquirer]));

    const config = readConfig({ flags: { links: file }, env: {} });

    expect(config.ok && config.value.links.map(({ name }) => name)).to.deep.equal(["acquirer"]);
  });
});
