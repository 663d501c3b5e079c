import type { Command, Option } from "commander";

interface SharedOptions {
  readonly json: Option;
  readonly url: Option;
}

/** Commands about a data set as a whole, and about the machine that it is on. */
export function addDataSetCommands(program: Command, { json, url }: SharedOptions): void {
  program
    .command("doctor")
    .description("look at this machine, the data set and the running switch, and say what to mend")
    .option("--data-dir <folder>", "the data set (.data/default)")
    .addOption(url)
    .addOption(json)
    .action(async (options: { dataDir?: string; url?: string; json: boolean }) => {
      const { doctor } = await import("./doctor.ts");
      process.exitCode = await doctor({ dataDir: options.dataDir, url: options.url, json: options.json });
    });
  program
    .command("export")
    .description("write a stopped data set into one file: for another machine, a bug report, a fixture")
    .argument("<file>", "a file that is not there yet")
    .option("--data-dir <folder>", "the data set (.data/default)")
    .option(
      "--with-keys",
      "the keys as well, encrypted under CARDSWITCH_EXPORT_PASSPHRASE; without them no PAN can be read",
    )
    .addOption(json)
    .addHelpText("after", cardsApart)
    .action(async (file: string, options: { dataDir?: string; withKeys?: boolean; json: boolean }) => {
      const { exportCommand } = await import("./data-set-copy.ts");
      const { dataDir, json: isJson, withKeys = false } = options;
      process.exitCode = await exportCommand({ file, dataDir, withKeys, json: isJson });
    });
  program
    .command("import")
    .description("make a data set out of a file that `export` wrote, in an empty folder")
    .argument("<file>", "what `cardswitch export` wrote")
    .option("--data-dir <folder>", "empty, or not there yet (.data/default)")
    .addOption(json)
    .addHelpText("after", cardsApart)
    .action(async (file: string, options: { dataDir?: string; json: boolean }) => {
      const { importCommand } = await import("./data-set-copy.ts");
      process.exitCode = await importCommand({ file, dataDir: options.dataDir, json: options.json });
    });
}

const cardsApart = "\nCards alone, as CSV: `cardswitch cards export` and `cardswitch cards import`.";
