import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Place } from "../kernel/ids.ts";
import { type Pan, parsePan } from "../kernel/pan.ts";
import { noControls } from "../ledger/limits.ts";
import { type CardBody, createCard, openPan } from "../resources/issuing/cards.ts";
import { createAccount } from "../resources/accounts/accounts.ts";
import { createCardholder, plainCardholder } from "../resources/issuing/cardholders.ts";
import type { Program } from "../resources/program.ts";
import { topUp } from "../resources/balances/topups.ts";
import { minor } from "../kernel/money.ts";
import { inParallel } from "./load-program.ts";
import { type ProgramAccess, currencyOf } from "./program-access.ts";

/** First line of a card file: PAN, expiry as YYMM, network, currency. */
export const csvHeader = "pan,expiry,network,currency";

export interface CsvCard {
  readonly pan: Pan;
  readonly expiry: string;
  readonly network: "visa" | "mastercard";
  readonly currency: string;
}

/** A line of a card file that cannot be read: which, and why. */
export class CsvError extends Error {
  override readonly name = "CsvError";
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.line = line;
  }
}

/** Reads a card file line by line. Throws CsvError at the first line that is not a card. */
export async function* readCsv(path: string): AsyncGenerator<CsvCard> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === "" || (line === 1 && text.startsWith("pan"))) continue;
    yield parseLine(text, line);
  }
}

export interface ImportOptions {
  readonly shardCount: number;
  readonly programType: "load" | "standard";
  /** Minor units paid into each account that the import creates. */
  readonly funds: bigint;
  readonly concurrency: number;
}

/** Brings given PANs in: an account, with one cardholder, for each shard and currency. Returns how many. */
export async function importCards(program: Program, path: string, options: ImportOptions): Promise<number> {
  // The whole file is read before the first card is made: a bad line leaves nothing half done.
  const cards: CsvCard[] = [];
  for await (const card of readCsv(path)) cards.push(card);
  await program.blocks.known();
  const owners = new Map<string, Promise<{ account: Place; cardholder: number }>>();
  await inParallel(cards.length, options.concurrency, async (index) => {
    const card = cards[index];
    if (card === undefined) return;
    const shard = program.blocks.shardOf(card.pan) ?? shardFor(card.pan, options.shardCount);
    const key = `${shard} ${card.currency}`;
    const owner = owners.get(key) ?? createOwner(program, shard, card.currency, options.funds);
    owners.set(key, owner);
    const { account, cardholder } = await owner;
    await createCard(program, account, {
      cardholder,
      currency: currencyOf(card.currency),
      network: card.network,
      type: "virtual",
      status: "active",
      cancellationReason: null,
      expMonth: Number(card.expiry.slice(2)),
      expYear: 2000 + Number(card.expiry.slice(0, 2)),
      program: options.programType,
      controls: noControls,
      pan: card.pan,
    });
  });
  return cards.length;
}

/** Every card of the data set as lines of a card file, PANs in the clear: for a load tester's own use. */
export function* exportCards(access: ProgramAccess, shardCount: number): Generator<string> {
  yield csvHeader;
  for (let shard = 0; shard < shardCount; shard++) {
    let before: number | null = null;
    for (;;) {
      const page = access.queries.objects("card", shard, { before, rowsMax: 1000 });
      for (const { place, body } of page) {
        const card = JSON.parse(body) as CardBody;
        const expiry = `${String(card.exp_year % 100).padStart(2, "0")}${String(card.exp_month).padStart(2, "0")}`;
        yield `${openPan(access.program, place, card)},${expiry},${card.network},${card.currency}`;
      }
      const oldest = page.at(-1);
      if (oldest === undefined || page.length < 1000) break;
      before = oldest.place.no;
    }
  }
}

// PANs that share a block go to one shard, in whatever order they come.
function shardFor(pan: Pan, shardCount: number): number {
  return Number(pan.slice(0, 11)) % shardCount;
}

async function createOwner(program: Program, shard: number, currency: string, funds: bigint) {
  const account = await createAccount(program, shard, {
    businessName: `Imported ${currency} ${shard}`,
    country: "US",
    currency,
  });
  await topUp(program, account, { amount: minor(funds), currency: currencyOf(currency) });
  const { no } = await createCardholder(program, account, plainCardholder("Imported Cards", "US"));
  return { account, cardholder: no };
}

function parseLine(text: string, line: number): CsvCard {
  const [panText = "", expiry = "", network = "", currency = ""] = text.split(",").map((cell) => cell.trim());
  const pan = parsePan(panText);
  if (pan === null) throw new CsvError(line, "the PAN is not 12 to 19 digits with a valid check digit");
  if (!/^\d{2}(0[1-9]|1[0-2])$/.test(expiry)) throw new CsvError(line, `the expiry ${expiry} is not YYMM`);
  if (network !== "visa" && network !== "mastercard")
    throw new CsvError(line, `the network ${network} is neither visa nor mastercard`);
  try {
    currencyOf(currency);
  } catch {
    throw new CsvError(line, `${currency} is not a currency`);
  }
  return { pan, expiry, network, currency };
}
