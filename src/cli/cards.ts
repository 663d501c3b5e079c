import { once } from "node:events";
import { accessSync, constants, createWriteStream, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Writable } from "node:stream";
import { CsvError, csvHeader, exportCards, importCards, readCsv } from "../app/cards-commands.ts";
import { createLoadProgram } from "../app/load-program.ts";
import { type Offline, openOffline } from "../app/offline.ts";
import { parseMajor } from "../kernel/money.ts";
import { ProgramError } from "../resources/program.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

export interface CardsFlags {
  readonly action: "generate" | "import" | "export";
  /** A card file; "-" is stdout. */
  readonly csv: string;
  readonly count: string;
  readonly currency: string;
  readonly network: string;
  readonly program: string;
  readonly accounts: string;
  readonly cardholders: string;
  /** Major units paid into each account. */
  readonly funds: string;
  readonly dataDir: string | undefined;
  readonly json: boolean;
}

interface Wanted {
  readonly count: number;
  readonly currency: "usd" | "eur" | "gbp";
  readonly network: "visa" | "mastercard";
  readonly programType: "load" | "standard";
  readonly accountsPerShard: number;
  readonly cardholdersPerAccount: number;
  readonly funds: bigint;
}

const concurrency = 256;
const ownerOnly = 0o600;
const drainMsMax = 600_000;

/** `cardswitch cards`: makes, brings in or lists cards of a data set that nobody serves meanwhile. */
export async function cards(flags: CardsFlags): Promise<ExitCode> {
  const wanted = wantedOf(flags);
  if (typeof wanted === "string") return complain(wanted, exitCodes.usage);
  const fault = await faultOfFile(flags);
  if (fault !== null) return complain(`${flags.csv}${fault}`, exitCodes.usage);
  const place = flags.dataDir === undefined ? {} : { "data-dir": flags.dataDir };
  const opened = await openOffline(place, { mayCreate: flags.action !== "export" });
  if (!opened.ok) return complain(opened.error.message, exitCodeOf(opened.error));
  try {
    const count = await carryOut(flags, wanted, opened.value);
    const words = { generate: "made", import: "brought in", export: "written" } as const;
    // With "-" stdout is the file.
    if (flags.csv !== "-" || flags.action === "import") {
      print(flags.json, { cards: count, csv: flags.csv }, `${count} cards ${words[flags.action]}`);
    }
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof ProgramError) return complain(error.message, exitCodes.failed);
    return complain(error instanceof Error ? error.message : String(error));
  } finally {
    await opened.value.close();
  }
}

/** What is wrong with the card file: told before a data set is opened, which would be made where there is none. */
async function faultOfFile({ action, csv }: CardsFlags): Promise<string | null> {
  try {
    if (action === "import") {
      let count = 0;
      for await (const _card of readCsv(csv)) count++;
      return count === 0 ? " has no cards" : null;
    }
    if (csv === "-") return null;
    const isThere = existsSync(csv);
    if (isThere && statSync(csv).isDirectory()) return " is a folder";
    accessSync(isThere ? csv : dirname(csv), constants.W_OK);
    return null;
  } catch (error) {
    if (error instanceof CsvError) return `, ${error.message}`;
    const verb = action === "import" ? "read" : "written";
    return ` cannot be ${verb}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function carryOut(flags: CardsFlags, wanted: Wanted, { books, place }: Offline): Promise<number> {
  const { access, projector } = books;
  const { shardCount } = place.dataSet;
  const { funds, programType } = wanted;
  switch (flags.action) {
    case "import":
      return importCards(access.program, flags.csv, { shardCount, programType, funds, concurrency });
    case "export":
      await projector.drained(drainMsMax);
      return writeLines(flags.csv, exportCards(access, shardCount)).then((lines) => lines - 1);
    case "generate": {
      const made = await createLoadProgram(access.program, { ...wanted, cards: wanted.count, shardCount, concurrency });
      const lines = made.map(({ pan, expiry }) => `${pan},${expiry},${wanted.network},${wanted.currency}`);
      await projector.drained(drainMsMax);
      await writeLines(flags.csv, [csvHeader, ...lines]);
      return made.length;
    }
  }
}

/** PANs in the clear, so nobody else may read the file. */
async function writeLines(path: string, lines: Iterable<string>): Promise<number> {
  const isStdout = path === "-";
  const stream: Writable = isStdout ? process.stdout : createWriteStream(path, { mode: ownerOnly });
  let count = 0;
  for (const line of lines) {
    count++;
    if (!stream.write(`${line}\n`)) await once(stream, "drain");
  }
  if (!isStdout) {
    stream.end();
    await once(stream, "finish");
  }
  return count;
}

function wantedOf(flags: CardsFlags): Wanted | string {
  const { currency, network, program } = flags;
  if (currency !== "usd" && currency !== "eur" && currency !== "gbp") return "--currency is one of usd, eur, gbp";
  if (network !== "visa" && network !== "mastercard") return "--network is visa or mastercard";
  if (program !== "load" && program !== "standard") return "--program is load or standard";
  const [count, accountsPerShard, cardholdersPerAccount] = [flags.count, flags.accounts, flags.cardholders].map(
    counted,
  );
  if (!count || !accountsPerShard || !cardholdersPerAccount) {
    return "--count, --accounts and --cardholders are whole numbers above zero";
  }
  const funds = parseMajor(flags.funds, 2);
  if (funds === null || funds < 0n) return "--funds has to be an amount such as 1000000.00";
  return { count, currency, network, programType: program, accountsPerShard, cardholdersPerAccount, funds };
}

function counted(text: string): number {
  return /^\d{1,8}$/.test(text) ? Number(text) : 0;
}
