import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { createClient } from "../../src/store/client.ts";
import { runningServers } from "../../src/store/running-process.ts";
import { type Ended, type Served, command, freshFolder, serve } from "../support/command.ts";

const signOn = [
  "30383030",
  "38323338303030303030303030303030",
  "30343030303030303030303030303030",
  "31313232313135393030",
  "303030343939",
  "313135393030",
  "31313232",
  "303031",
].join("");

describe("cardswitch describe", () => {
  it("names every field of a sound message, and ends with 0", async () => {
    const ended = await command(["describe", signOn]);

    expect(ended.code).to.equal(0);
    expect(ended.stdout).to.include("iso87-ascii: sound").and.to.include("0800");
  });

  it("says where a broken message breaks, and ends with 1", async () => {
    const ended = await command(["describe", signOn.slice(0, -4), "--json"]);

    expect(ended.code).to.equal(1);
    const { error, isSound } = JSON.parse(ended.stdout) as { isSound: boolean; error: { path: string } };
    expect({ isSound, path: error.path }).to.deep.equal({ isSound: false, path: "70" });
  });

  it("reads hexadecimal digits from a file too", async () => {
    const { path, remove } = freshFolder();
    const file = join(path, "message.hex");
    writeFileSync(file, `${signOn.slice(0, 20)}\n${signOn.slice(20)}\n`);

    const ended = await command(["describe", file]);
    remove();

    expect(ended.code).to.equal(0);
  });

  it("ends with 2 where it is given neither a message nor a file, or an unknown dialect", async () => {
    expect((await command(["describe", "nothing-like-it"])).code).to.equal(2);
    expect((await command(["describe", signOn, "--dialect", "klingon"])).code).to.equal(2);
  });
});

describe("cardswitch, wrongly used", () => {
  it("ends with 2 and says what is wrong, without a stack", async () => {
    for (const args of [
      ["bogus"],
      ["start", "--bogus"],
      ["auth"],
      ["auth", "--card", "us-1", "--amount", "much"],
      ["clock", "advance", "soon"],
      ["trigger"],
      ["import", "/no/such/file"],
      ["export", "/no/such/file", "--with-keys"],
      ["start", "--role", "king"],
      ["bench", "--bogus"],
      ["bench", "--quick", "twice"],
    ]) {
      const ended = await command(args);

      expect({ args, code: ended.code }).to.deep.equal({ args, code: 2 });
      expect(ended.stderr).to.not.match(/\n\s+at /);
    }
  });

  it("ends with 2 where a purchase has no category of four digits, or is made in a way that there is none", async () => {
    for (const [flag, values] of [
      ["--mcc", ["581", "58122", "food"]],
      ["--entry", ["swipe", "Chip", ""]],
    ] as const) {
      for (const value of values) {
        const ended = await command(["auth", "--card", "us-1", "--amount", "1.00", flag, value]);

        expect({ value, code: ended.code }).to.deep.equal({ value, code: 2 });
        expect(ended.stderr).to.match(new RegExp(`^cardswitch: ${flag} is .*\n$`));
      }
    }
  });

  it("ends with 2 and one line for values that cannot be, before anything is made", async () => {
    const { path, remove } = freshFolder();
    const [csv, empty, dir] = [join(path, "cards.csv"), join(path, "empty.csv"), join(path, "data")];
    writeFileSync(csv, "pan,expiry,network,currency\n4000008400000019,3012,visa,usd\n4000008400000018,3012,visa,usd\n");
    writeFileSync(empty, "pan,expiry,network,currency\n");
    const nowhere = join(path, "nowhere", "cards.csv");
    const cases: readonly (readonly [readonly string[], string | RegExp])[] = [
      [["describe", "0100", "--skip", "abc"], '--skip is a number of bytes, not "abc"'],
      [["describe", "0100", "--skip", "-1"], '--skip is a number of bytes, not "-1"'],
      [["simulate", "--cards", csv, "--rate", "5", "--in-flight", "5"], "--rate and --in-flight exclude each other"],
      [["cards", "import", "--csv", csv], `${csv}, line 3: the PAN is not 12 to 19 digits with a valid check digit`],
      [["cards", "import", "--csv", empty], `${empty} has no cards`],
      [["cards", "import", "--csv", nowhere], /nowhere\/cards\.csv cannot be read: ENOENT/],
      [["cards", "generate", "--csv", nowhere], /nowhere\/cards\.csv cannot be written: ENOENT/],
      [["cards", "export", "--csv", path], `${path} is a folder`],
    ];

    for (const [args, complaint] of cases) {
      const place = args[0] === "cards" ? ["--data-dir", dir] : [];
      const ended = await command([...args, ...place]);

      expect({ args, code: ended.code }).to.deep.equal({ args, code: 2 });
      if (typeof complaint === "string") expect(ended.stderr).to.equal(`cardswitch: ${complaint}\n`);
      else
        expect(ended.stderr)
          .to.match(complaint)
          .and.to.match(/^[^\n]+\n$/);
    }
    const left = readdirSync(path).toSorted();
    remove();

    expect(left).to.deep.equal(["cards.csv", "empty.csv"]);
  });

  it("says in its help what it does without a command", async () => {
    expect((await command(["--help"])).stdout).to.include("`cardswitch` is `cardswitch start`");
  });

  it("ends with 3 where a folder holds no data set, and leaves it as it is", async () => {
    const { path, remove } = freshFolder();
    const csv = join(path, "cards.csv");
    const empty = join(path, "empty");
    mkdirSync(empty);

    for (const dir of [empty, join(path, "nowhere")]) {
      for (const args of [["verify"], ["cards", "export", "--csv", csv], ["keys", "rotate"]]) {
        const ended = await command([...args, "--data-dir", dir]);

        expect({ args, code: ended.code }).to.deep.equal({ args, code: 3 });
        expect(ended.stderr).to.equal(`cardswitch: ${dir} holds no data set\n`);
      }
    }
    const left = [readdirSync(path), readdirSync(empty)];
    remove();

    expect(left).to.deep.equal([["empty"], []]);
  });

  it("ends with 3 where no switch answers, and says how to start one", async () => {
    for (const args of [["verify"], ["clock", "show"], ["auth", "--card", "us-1", "--amount", "1.00"]]) {
      const ended = await command([...args, "--url", "http://127.0.0.1:9"]);

      expect({ args, code: ended.code }).to.deep.equal({ args, code: 3 });
      expect(ended.stderr).to.include("cardswitch start");
    }
  });
});

describe("commands on a running switch", () => {
  let served: Served;
  before(async () => {
    served = await serve(["--volatile", "--seed", "demo", "--shards", "2", "--trace-every", "1"]);
  });
  after(async () => {
    await served.end("SIGTERM");
  });

  function ask(...args: string[]): Promise<Ended> {
    return command([...args, "--json", "--url", served.url]);
  }

  it("auth sends a 0100 that is approved: 0, and the answer with its code, without the PAN", async () => {
    const ended = await ask("auth", "--card", "us-1", "--amount", "12.50");

    expect(ended.code).to.equal(0);
    const answer = JSON.parse(ended.stdout) as { outcome: string; response: Record<string, string> };
    expect(answer.outcome).to.equal("approved");
    expect(answer.response).to.include({ "0": "0110", "4": "000000001250", "39": "00" });
    expect(ended.stdout).to.not.match(/\d{16}/);
  });

  it("auth ends with 1 where the card declines, and with 2 where there is no such card", async () => {
    const declined = await ask("auth", "--card", "us-6", "--amount", "5.00");

    expect(declined.code).to.equal(1);
    expect(JSON.parse(declined.stdout)).to.include({ outcome: "declined", responseCode: "41" });
    expect((await ask("auth", "--card", "nobody", "--amount", "5.00")).code).to.equal(2);
    expect((await ask("auth", "--card", "us-1", "--amount", "5.001")).code).to.equal(2);
  });

  it("shows messages masked, and how an authorization was decided, stage by stage", async () => {
    await ask("auth", "--card", "us-6", "--amount", "6.66");
    await fetch(`${served.url}/_admin/settled`, { method: "POST" });

    const { messages } = (await get("/_admin/messages?link=mastercard-style")) as { messages: { fields: object }[] };
    const { authorizations } = (await get("/_admin/authorizations")) as { authorizations: { id: string }[] };
    const trace = (await get(`/_admin/trace/${authorizations[0]?.id}`)) as Record<string, unknown>;

    expect(JSON.stringify(messages)).to.not.match(/\d{16}/);
    expect(messages.map(({ fields }) => Object.entries(fields).find(([path]) => path === "0")?.[1])).to.include.members(
      ["0100", "0110"],
    );
    expect(trace["outcome"]).to.equal("declined");
    expect(trace["refusal"]).to.deep.include({ check: "card_lost", rank: 21 });
    expect(trace["stages"]).to.include({ responseCode: "41" });
  });

  it("verify ends with 0 where the books hold", async () => {
    const ended = await ask("verify");

    expect(ended.code).to.equal(0);
    expect(JSON.parse(ended.stdout)).to.include({ isSound: true });
  });

  it("counts what happened on the links for Prometheus, in both processes", async () => {
    const text = await (await fetch(`${served.url}/metrics`)).text();

    expect(text).to.match(/^cardswitch_switch_events_total\{link="visa-style",event="approved"\} [1-9]/m);
    expect(text).to.match(/^cardswitch_switch_answer_milliseconds_count\{link="visa-style"\} [1-9]/m);
    expect(text).to.match(/^cardswitch_platform_journal_backlog \d/m);
    const types = text.split("\n").filter((line) => line.startsWith("# TYPE"));
    expect(new Set(types).size).to.equal(types.length);
  });

  it("answers what it does not serve with 404 and 405, and a body that is no JSON with 400", async () => {
    const status = async (path: string, init: RequestInit = {}): Promise<number> =>
      (await fetch(`${served.url}${path}`, init)).status;

    expect(await status("/nothing")).to.equal(404);
    expect(await status("/_admin/verify")).to.equal(405);
    expect(await status("/_admin/clock", { method: "POST", body: "{" })).to.equal(400);
    expect(await status("/_admin/clock", { method: "POST", body: '{"advance":"-1d"}' })).to.equal(400);
    expect(await status("/_admin/clock", { method: "POST", body: " ".repeat(70_000) })).to.equal(400);
  });

  it("administrates for nobody's web page, though a browser on this machine has it open", async () => {
    const post = async (origin: string): Promise<number> =>
      (await fetch(`${served.url}/_admin/settled`, { method: "POST", headers: { origin } })).status;

    expect(await post("https://elsewhere.example")).to.equal(403);
    expect(await post("null")).to.equal(403);
    expect(await post(served.url)).to.equal(200);
  });

  it("verify ends with 1 where a balance was altered behind the books, and names it", async () => {
    const { servers, redis } = await moneyRedis();
    const [account = ""] = (await redis.keys("*:a:1")).toSorted();
    const balances = await redis.hgetallBuffer(account);
    const field = Object.keys(balances).find((name) => name.startsWith("b")) ?? "";
    const altered = Buffer.from(balances[field] ?? []);
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    await redis.hset(account, field, altered);

    const ended = await command(["verify", "--url", served.url]);
    await redis.hset(account, field, balances[field] ?? "");
    redis.disconnect();

    expect({ servers, code: ended.code }).to.deep.equal({ servers: 1, code: 1 });
    expect(ended.stdout)
      .to.match(/^does not hold/)
      .and.to.include("acct_");
  });

  /** The money Redis of the switch under test, by the socket of the server that it owns. */
  async function moneyRedis() {
    const found = runningServers().filter(({ pid }) => pid === served.pids.redis);
    return { servers: found.length, redis: createClient({ address: { path: found[0]?.socketPath ?? "" } }) };
  }

  async function get(path: string): Promise<unknown> {
    return (await fetch(`${served.url}${path}`)).json();
  }
});

describe("commands on a data set that nobody serves", () => {
  it("makes cards, runs traffic over them, and finds the books in order afterwards", async () => {
    const { path, remove } = freshFolder();
    const [dir, csv] = [join(path, "data"), join(path, "cards.csv")];

    const made = await command(["cards", "generate", "--count", "20", "--csv", csv, "--data-dir", dir, "--json"]);
    const served = await serve(["--data-dir", dir]);
    const simulated = await command([
      "simulate",
      "--cards",
      csv,
      "--messages",
      "200",
      "--rate",
      "400",
      "--json",
      "--url",
      served.url,
    ]);
    await served.end("SIGTERM");
    const listed = await command(["cards", "export", "--csv", "-", "--data-dir", dir]);
    const verified = await command(["verify", "--data-dir", dir, "--json"]);
    remove();

    expect(made.code).to.equal(0);
    expect(simulated.code, simulated.stdout + simulated.stderr).to.equal(0);
    expect(JSON.parse(simulated.stdout)).to.include({ sent: 200, unanswered: 0, mismatches: 0 });
    expect(listed.stdout.trim().split("\n")).to.have.length(21);
    expect(verified.code, verified.stderr).to.equal(0);
  });
});
