import { type Command, Option } from "commander";

/** Options that all commands share. */
export interface SharedOptions {
  readonly json: Option;
  readonly url: Option;
}

type Flags = Readonly<Record<string, string | undefined>>;

/** The commands that play the other side: traffic, scenarios, replay, chaos. Each module is loaded when it is asked for. */
export function addSimulators(program: Command, shared: SharedOptions): void {
  addSimulate(program, shared);
  addScenario(program, shared);
  addReplay(program, shared);
  addChaos(program, shared);
}

function addSimulate(program: Command, { json, url }: SharedOptions): void {
  program
    .command("simulate")
    .description("run traffic against a running switch")
    .requiredOption("--cards <file>", "a card file: `cardswitch cards generate` makes one")
    .option("--network <network>", "visa, mastercard or generic", "generic")
    .option("--rate <count>", "messages a second, whether answers come or not (500)")
    .option("--in-flight <count>", "instead of a rate: always so many without an answer")
    .option("--seconds <count>", "how long", "10")
    .option("--messages <count>", "how many, where that comes first")
    .option("--connections <count>", "connections", "4")
    .option("--seed <number>", "the same seed, the same purchases", "1")
    .option("--profiles <list>", "visits to merchants instead: all, or grocery,fuel,hotel …")
    .option("--outage-every <seconds>", "with profiles: the lines are down for a second, and the network stands in")
    .addOption(url)
    .addOption(json)
    .action(async (options: Record<string, string> & { json: boolean }) => {
      const { simulate } = await import("./simulate.ts");
      const { cards = "", network = "", seconds = "", connections = "", seed = "" } = options as Flags;
      const { rate, inFlight, messages, outageEvery, profiles, url: at } = options as Flags;
      const traffic = { cards, network, rate, seconds, connections, seed, inFlight, messages };
      const flags = { ...traffic, outageEvery, profiles, url: at };
      process.exitCode = await simulate({ ...flags, json: options.json });
    });
}

function addScenario(program: Command, { json }: SharedOptions): void {
  const scenario = program.command("scenario").description("play scripted messages and check every answer and balance");
  scenario
    .command("run")
    .description("run scenarios against a switch of their own, or against the running one")
    .argument("[scenarios...]", "files, or names of those that come with cardswitch; none: all of these")
    .addOption(new Option("--url <url>", "a running switch, instead of one of its own"))
    .option("--record <file>", "append every message that passed: what `cardswitch replay` reads")
    .addOption(json)
    .action(async (wanted: string[], options: { url?: string; record?: string; json: boolean }) => {
      const { runScenarios } = await import("./scenario.ts");
      const { url: at, record, json: isJson } = options;
      process.exitCode = await runScenarios({ wanted, url: at, record, json: isJson });
    });
  scenario
    .command("list")
    .description("the scenarios that come with cardswitch")
    .addOption(json)
    .action(async (options: { json: boolean }) => {
      const { listScenarios } = await import("./scenario.ts");
      process.exitCode = listScenarios(options.json);
    });
}

function addReplay(program: Command, { json, url }: SharedOptions): void {
  program
    .command("replay")
    .description("send recorded requests to the running switch again and compare the answers by meaning")
    .argument("<recording>", "a file of `scenario run --record`")
    .option("--fresh", "under names of their own, so that everything is decided anew", false)
    .addOption(url)
    .addOption(json)
    .action(async (file: string, options: { fresh: boolean; url?: string; json: boolean }) => {
      const module = await import("./replay.ts");
      const { fresh: isFresh, url: at, json: isJson } = options;
      process.exitCode = await module.replayRecording({ file, isFresh, url: at, json: isJson });
    });
}

function addChaos(program: Command, { json }: SharedOptions): void {
  program
    .command("chaos")
    .description("traffic against a switch of its own whose line and processes fail, and the books at the end")
    .option("--minutes <count>", "how long", "1")
    .option("--seed <number>", "the same seed, the same faults and visits", "1")
    .addOption(json)
    .action(async (options: { minutes: string; seed: string; json: boolean }) => {
      const { chaos } = await import("./chaos.ts");
      process.exitCode = await chaos(options);
    });
}
