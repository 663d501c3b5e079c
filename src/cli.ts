import { Command, CommanderError, Option } from "commander";
import { addApiCommands } from "./cli/api-commands.ts";
import { addApiKeys } from "./cli/api-key-commands.ts";
import { addDataSetCommands } from "./cli/data-set-commands.ts";
import { addIssuerKeys } from "./cli/issuer-key-commands.ts";
import { addIssuingSettings } from "./cli/issuing-settings-commands.ts";
import { addSimulators } from "./cli/simulator-commands.ts";
import { settings } from "./config.ts";
import { exitCodes } from "./cli/exit-codes.ts";

// Each command is imported when it is asked for: `describe` needs neither Redis nor SQL, and is up in a tenth of a second.
const program = new Command("cardswitch")
  .description("an offline card-issuing platform with a real card-network edge")
  .version("0.1.0")
  .exitOverride()
  .showHelpAfterError("(--help shows what there is)")
  .addHelpText("after", "\nWithout a command it starts: `cardswitch` is `cardswitch start`.")
  .addHelpText("after", "Exit codes: 0 ok, 1 a check failed, 2 wrong usage, 3 the environment lacks something.");

const json = new Option("--json", "one line of JSON on stdout").default(false);
const url = new Option("--url <url>", "where the running switch is (http://127.0.0.1:12120)");

type Flags = Readonly<Record<string, string | undefined>>;

addStart();
addAuth();
addDescribe();
addBuild();
addSpec();
addSimulators(program, { json, url });
addVerify();
addDataSetCommands(program, { json, url });
addExceptions();
addClock();
addCards();
addKeys();
addIssuingSettings(program, { json, url });
addApiCommands(program, { json, url });
addBench();
// Without a command it starts.
process.exitCode = await run(process.argv.length > 2 ? process.argv : [...process.argv, "start"]);

async function run(argv: readonly string[]): Promise<number> {
  try {
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? exitCodes.ok);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    throw error;
  }
}

function addStart(): void {
  const command = program.command("start").description("serve a data set until SIGTERM");
  for (const { env, fallback, flag, help, value } of Object.values(settings)) {
    const shown = fallback === "" ? `${help} [${env}]` : `${help} (${fallback}) [${env}]`;
    command.addOption(new Option(`--${flag} <${value.toLowerCase()}>`, shown));
  }
  command
    .addOption(new Option("--volatile", "the same as --durability volatile"))
    .addOption(new Option("--strict", "force no outcomes, not even of the merchants that ask for it"))
    .addOption(new Option("--role <role>", "one role in the foreground: switch or platform; needs REDIS_URL"))
    .addOption(json)
    .action(async (options: Record<string, string | boolean | undefined>) => {
      const { start } = await import("./cli/start.ts");
      const flags = flagsOf(options);
      process.exitCode = await start({ flags, role: textOf(options["role"]), json: options["json"] === true });
    });
}

function addAuth(): void {
  program
    .command("auth")
    .description("send one real 0100 to a running switch")
    .requiredOption("--card <card>", "id, last four digits, or key of the demo program (us-1)")
    .requiredOption("--amount <amount>", "in major units: 12.50")
    .option("--mcc <mcc>", "merchant category code", "5812")
    .option("--network <network>", "visa, mastercard or generic (that of the card)")
    .option("--currency <code>", "of the purchase (that of the card)")
    .option("--link <name>", "name of a link (the one of the network)")
    .option("--entry <entry>", "chip or ecommerce", "chip")
    .addOption(url)
    .addOption(json)
    .action(async (options: Flags & { json: boolean }) => {
      const { auth } = await import("./cli/auth.ts");
      const { card = "", amount = "", mcc = "", entry = "", network, currency, link, url: at } = options as Flags;
      process.exitCode = await auth({ card, amount, mcc, entry, network, currency, link, url: at, json: options.json });
    });
}

function addDescribe(): void {
  program
    .command("describe")
    .description("show every byte of an ISO 8583 message with its field and meaning, and which spec fits better")
    .argument("<message>", "hexadecimal digits, a file, or - for stdin")
    .option("--dialect <name>", "visa-style, mastercard-style, iso87-ascii … (the one that reads most)")
    .option("--spec <file>", "a jPOS packager, a moov spec or a dialect in JSON, instead of a dialect")
    .option("--frame <name>", "vli, two-byte-length … or none (whichever fits)")
    .option("--skip <bytes>", "bytes in front that are not looked at", "0")
    .option("--diff <message>", "another message: what it says otherwise")
    .addOption(json)
    .action(async (source: string, options: Flags & { skip: string; json: boolean }) => {
      const { describe } = await import("./cli/describe.ts");
      const { dialect, spec, frame, diff } = options as Flags;
      const { skip, json: isJson } = options;
      process.exitCode = await describe({ source, dialect, spec, frame, skip, diff, json: isJson });
    });
}

function addBuild(): void {
  const eachSet = (value: string, before: string[]): string[] => [...before, value];
  program
    .command("build")
    .description("write an ISO 8583 message: the reverse of describe")
    .argument("<dialect>", "visa-style, mastercard-style, iso87-ascii …, or a file with a spec of another program")
    .option("--mti <type>", "four digits")
    .addOption(
      new Option("--set <path=value>", "4=000000001250, 55.9F26=hex:0102; again for each")
        .argParser(eachSet)
        .default([]),
    )
    .option("--json-file <file>", "an object of paths and values, as describe has them")
    .option("--frame <name>", "vli, two-byte-length … (the message alone)")
    .option("--out <file>", "write the bytes there, instead of hexadecimal digits on stdout")
    .option("--hex", "hexadecimal digits on stdout (as without it)")
    .addOption(json)
    .action(async (dialect: string, options: Flags & { json: boolean; set: string[] }) => {
      const { build } = await import("./cli/build.ts");
      const { mti, frame, out, jsonFile } = options as Flags;
      process.exitCode = await build({ dialect, mti, set: options.set, jsonFile, frame, out, json: options.json });
    });
}

function addSpec(): void {
  program
    .command("spec")
    .description("specs of others as dialects of a link")
    .command("import")
    .description("show what a spec becomes, and what of it cannot be mapped")
    .argument("<file>", "XML of a jPOS packager, or JSON of moov-io/iso8583")
    .option("--jpos", "it is a jPOS packager (where its name ends in .xml)")
    .option("--moov", "it is a spec of moov (else)")
    .addOption(json)
    .action(async (file: string, options: { jpos?: boolean; moov?: boolean; json: boolean }) => {
      const { importSpecCommand } = await import("./cli/spec.ts");
      const formats = (["jpos", "moov"] as const).filter((format) => options[format] === true);
      process.exitCode = await importSpecCommand({ file, formats, json: options.json });
    });
}

function addVerify(): void {
  program
    .command("verify")
    .description("recompute the books and compare Redis with them; names the smallest wrong thing")
    .option("--data-dir <folder>", "a data set that nobody serves; without it, the running switch is asked")
    .addOption(url)
    .addOption(json)
    .action(async (options: { dataDir?: string; url?: string; json: boolean }) => {
      const { verify } = await import("./cli/verify.ts");
      process.exitCode = await verify({ dataDir: options.dataDir, url: options.url, json: options.json });
    });
}

function addExceptions(): void {
  program
    .command("exceptions")
    .description("list what was taken in all the same and somebody has to look at")
    .option("--limit <count>", "how many, newest first", "20")
    .addOption(url)
    .addOption(json)
    .action(async (options: { limit: string; url?: string; json: boolean }) => {
      const { exceptions } = await import("./cli/exceptions.ts");
      process.exitCode = await exceptions({ limit: options.limit, url: options.url, json: options.json });
    });
}

function addClock(): void {
  const clock = program.command("clock").description("show or move the business time of a running switch");
  const texts = {
    show: "both times",
    advance: "move business time forward and run what falls due",
    freeze: "let business time stand still",
    unfreeze: "let it go on from where it stands",
  } as const;
  for (const action of ["show", "advance", "freeze", "unfreeze"] as const) {
    const command = clock.command(action).description(texts[action]).addOption(url).addOption(json);
    if (action === "advance") command.argument("<span>", "31d, 12h, 90m");
    command.action(async (...given: unknown[]) => {
      const module = await import("./cli/clock.ts");
      const { url: at, json: isJson } = command.opts<{ url?: string; json: boolean }>();
      process.exitCode = await module.clock({ action, span: textOf(given[0]), url: at, json: isJson });
    });
  }
}

function addCards(): void {
  const cards = program.command("cards").description("make, bring in or list the cards of a data set");
  const texts = {
    generate: "new cards, spread over new accounts in every shard",
    import: "cards with given PANs, from a card file",
    export: "every card into a card file, PANs in the clear",
  } as const;
  for (const action of ["generate", "import", "export"] as const) {
    cards
      .command(action)
      .description(texts[action])
      .requiredOption("--csv <file>", "card file: pan,expiry,network,currency; - is stdout")
      .option("--count <count>", "how many cards", "1000")
      .option("--currency <code>", "usd, eur or gbp", "usd")
      .option("--network <network>", "visa or mastercard", "visa")
      .option("--program <type>", "load: without the default limits; standard", "load")
      .option("--accounts <count>", "accounts in each shard", "4")
      .option("--cardholders <count>", "cardholders of each account", "4")
      .option("--funds <amount>", "paid into each account", "100000000.00")
      .option("--data-dir <folder>", "the data set")
      .addOption(json)
      .action(async (options: Record<string, string> & { json: boolean }) => {
        const module = await import("./cli/cards.ts");
        const { csv = "", count = "", currency = "", network = "", program: type = "" } = options as Flags;
        const { accounts = "", cardholders = "", funds = "", dataDir } = options as Flags;
        const wanted = { csv, count, currency, network, program: type, accounts, cardholders, funds, dataDir };
        process.exitCode = await module.cards({ action, ...wanted, json: options.json });
      });
  }
}

function addKeys(): void {
  const keys = program.command("keys").description("keys of the data set, and of its API");
  addApiKeys(keys, { json, url });
  addIssuerKeys(keys, { json });
  keys
    .command("rotate")
    .description("add a generation of keys to a data set that nobody serves")
    .option("--data-dir <folder>", "the data set")
    .addOption(json)
    .action(async (options: { dataDir?: string; json: boolean }) => {
      const { rotateKeys } = await import("./cli/keys.ts");
      process.exitCode = await rotateKeys({ dataDir: options.dataDir, json: options.json });
    });
}

function addBench(): void {
  program
    .command("bench")
    .description("measure; the last line is JSON")
    .allowUnknownOption()
    .argument("[options...]", "those of the bench: --json, --quick, --growth, --report, --compare (bench --help tells)")
    .action(async (_options: string[], _flags: unknown, command: Command) => {
      const { bench } = await import("./cli/bench.ts");
      process.exitCode = await bench(command.args);
    });
}

/** commander names options in camel case; the settings know them as they are typed. */
function flagsOf(options: Readonly<Record<string, string | boolean | undefined>>): Flags {
  const flags: Record<string, string | undefined> = {};
  for (const { flag } of Object.values(settings)) {
    const name = flag.replaceAll(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    flags[flag] = textOf(options[name]);
  }
  if (options["volatile"] === true) flags["durability"] = "volatile";
  if (options["strict"] === true) flags["forced-outcomes"] = "strict";
  return flags;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
