import { expect } from "chai";
import { type Config, readConfig, settings } from "../src/config.ts";

describe("config", () => {
  function read(flags: Record<string, string> = {}, env: Record<string, string> = {}): Config {
    const config = readConfig({ flags, env });
    return config.ok ? config.value : expect.fail(config.error.message);
  }

  function refused(flags: Record<string, string>, env: Record<string, string> = {}): string {
    const config = readConfig({ flags, env });
    return config.ok ? expect.fail("it was taken") : config.error.message;
  }

  it("takes a flag before the environment, and the environment before the default", () => {
    const env = { CARDSWITCH_PORT: "4001" };

    expect(read().adminPort).to.equal(12120);
    expect(read({}, env).adminPort).to.equal(4001);
    expect(read({ port: "4002" }, env).adminPort).to.equal(4002);
  });

  it("puts the three links on 8583, 8584 and 8585 of this machine, for this machine's peers", () => {
    const { links } = read();

    expect(links.map(({ name, endpoint }) => `${name} ${endpoint.host}:${endpoint.port}`)).to.deep.equal([
      "visa-style 127.0.0.1:8583",
      "mastercard-style 127.0.0.1:8584",
      "generic 127.0.0.1:8585",
    ]);
    expect(links.map(({ peers }) => peers)).to.deep.equal(links.map(() => ["127.0.0.0/8", "::1"]));
  });

  it("lets private networks in where it listens beyond this machine, and nobody else unless told", () => {
    expect(read({ host: "0.0.0.0" }).peers)
      .to.include("172.16.0.0/12")
      .and.to.not.include("0.0.0.0/0");
    expect(read({ host: "0.0.0.0" }).adminPeers).to.deep.equal(["127.0.0.0/8", "::1"]);
    expect(read({ host: "0.0.0.0", peers: "198.51.100.7" }).peers).to.deep.equal(["198.51.100.7"]);
  });

  it("keeps a data set that keeps nothing out of everybody's folder", () => {
    expect(read({ durability: "volatile", "data-dir": "books" }).dataDir).to.equal(null);
    expect(read({ durability: "relaxed", "data-dir": "books" }).dataDir).to.equal("books");
  });

  it("names a wrong value by the flag or the variable that it came from, and says what it may be", () => {
    expect(refused({ port: "65536" })).to.equal('--port is "65536"; it has to be a whole number from 0 to 65535');
    expect(refused({ shards: "257" })).to.equal('--shards is "257"; it has to be a whole number from 1 to 256');
    expect(refused({}, { CARDSWITCH_SEED: "all" })).to.equal(
      'CARDSWITCH_SEED is "all"; it has to be one of demo, none',
    );
    expect(refused({ clock: "soon" })).to.equal('--clock is "soon"; it has to be a time such as 2026-01-05T09:00Z');
    expect(refused({ retention: "0" })).to.equal('--retention is "0"; it has to be a whole number from 1 to 31622400');
  });

  it("has a flag and a variable of its own for every setting", () => {
    const all = Object.values(settings);

    expect(new Set(all.map(({ flag }) => flag)).size).to.equal(all.length);
    expect(new Set(all.map(({ env }) => env)).size).to.equal(all.length);
  });

  it("cannot be changed by whoever is handed it", () => {
    expect(Object.isFrozen(read())).to.equal(true);
  });

  it("forces what a merchant asks for, unless it is strict, and says which file of forced outcomes cannot be read", () => {
    expect(read().forcedRules.map(({ when }) => when.merchant)).to.include("FORCED-DE39-51");
    expect(read({ "forced-outcomes": "strict" }).forcedRules).to.deep.equal([]);
    expect(refused({ "forced-outcomes": "/nowhere.json" })).to.match(
      /^\/nowhere\.json cannot be read as forced outcomes/,
    );
  });
});
