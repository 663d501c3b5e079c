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
}
