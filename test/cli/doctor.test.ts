import { createServer } from "node:net";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Ended, type Served, command, freshFolder, serve } from "../support/command.ts";

const freePortsByName = {
  CARDSWITCH_PORT: "0",
  CARDSWITCH_VISA_PORT: "0",
  CARDSWITCH_MASTERCARD_PORT: "0",
  CARDSWITCH_GENERIC_PORT: "0",
};

interface Shown {
  readonly check: string;
  readonly state: string;
  readonly text: string;
  readonly advice: string | null;
}

describe("cardswitch doctor", () => {
  const { path, remove } = freshFolder();
  const dataDir = join(path, "data");
  let served: Served;
  before(async () => {
    served = await serve(["--data-dir", dataDir, "--seed", "demo", "--shards", "2"]);
  });
  after(async () => {
    await served.end("SIGTERM");
    remove();
  });

  function finding(ended: Ended, check: string): Shown | undefined {
    const { findings } = JSON.parse(ended.stdout) as { findings: readonly Shown[] };
    return findings.find((one) => one.check === check);
  }

  it("tells of a switch that runs whether it is ready, and what of its journal is not yet recorded", async () => {
    const ended = await command(["doctor", "--json", "--url", served.url, "--data-dir", dataDir]);

    expect(ended.code, ended.stdout).to.equal(0);
    expect(finding(ended, "switch")).to.include({ state: "ok", text: "runs and is ready" });
    expect(finding(ended, "backlog")).to.include({ state: "ok" });
    expect(finding(ended, "keys")?.text).to.include("mode 0600");
    expect(finding(ended, "api keys")).to.include({ state: "ok" });
  });

  it("says what to do with a key file that others may read, and ends with 1", async () => {
    const keyFile = join(dataDir, "keys.json");
    chmodSync(keyFile, 0o644);

    const ended = await command(["doctor", "--url", served.url, "--data-dir", dataDir]);
    chmodSync(keyFile, 0o600);

    expect(ended.code).to.equal(1);
    expect(ended.stdout).to.match(/^fail +keys .*chmod 600/m);
  });

  it("makes no data set where there is none, and ends with 0", async () => {
    const ended = await command(["doctor", "--json", "--data-dir", join(path, "none")], freePortsByName);

    expect(ended.code, ended.stdout).to.equal(0);
    expect(finding(ended, "data")?.text).to.include("holds no data set");
    expect(finding(ended, "switch")).to.include({ text: "not running" });
  });

  it("names a port that somebody else has, and ends with 3", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => {
      server.once("listening", resolve);
    });
    const address = server.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";

    const env = { ...freePortsByName, CARDSWITCH_VISA_PORT: port };
    const ended = await command(["doctor", "--data-dir", join(path, "none")], env);
    server.close();

    expect(ended.code).to.equal(3);
    expect(ended.stdout).to.include(`fail  ports       127.0.0.1:${port} (visa-style)`);
  });

  it("ends with 3 where nobody answers at the address it was given", async () => {
    const ended = await command(["doctor", "--url", "http://127.0.0.1:9", "--data-dir", join(path, "none")]);

    expect(ended.code).to.equal(3);
    expect(ended.stdout).to.match(/^fail +switch .*no switch answers/m);
    expect((await command(["doctor", "--url", "foo"])).code).to.equal(2);
  });
});
