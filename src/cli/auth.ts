import { countries } from "../../specs/countries.ts";
import { currencies } from "../../specs/currencies.ts";
import { Link } from "../../simulators/link.ts";
import type { Answer } from "../../simulators/correlator.ts";
import { isApproval } from "../../simulators/network-side.ts";
import { type NetworkName, type Purchase, type WireFields, plainGoods } from "../../simulators/purchase.ts";
import { networkSides } from "../../simulators/sides.ts";
import { TraceNumbers } from "../../simulators/trace-numbers.ts";
import { WireCodec } from "../../simulators/wire-codec.ts";
import type { CardView } from "../app/card-lookup.ts";
import { masked } from "../iso8583/public.ts";
import { must } from "../kernel/assert.ts";
import { MovableClock } from "../kernel/clock.ts";
import { countriesByAlpha2 } from "../kernel/country.ts";
import { currenciesByCode } from "../kernel/currency.ts";
import { type Minor, parseMajor } from "../kernel/money.ts";
import { wirePan } from "../kernel/pan.ts";
import { secureRandom } from "../kernel/random.ts";
import { askAdmin } from "./admin-client.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

export interface AuthFlags {
  /** Id, last four digits, or key of the demo program. */
  readonly card: string;
  /** Major units, "12.50". */
  readonly amount: string;
  readonly mcc: string;
  /** undefined: that of the card. */
  readonly network: string | undefined;
  /** Lower-case code; undefined: that of the card. */
  readonly currency: string | undefined;
  /** Name of a link; undefined: the one of the network. */
  readonly link: string | undefined;
  readonly entry: string;
  readonly url: string | undefined;
  readonly json: boolean;
}

interface LinksView {
  readonly links: readonly {
    readonly name: string;
    readonly network: NetworkName;
    readonly host: string;
    readonly port: number;
  }[];
}

type RunningLink = LinksView["links"][number];

const answerMsMax = 5_000;
const usableMsMax = 3_000;
const runMax = 46_656;

/** `cardswitch auth`: one real 0100 over the wire. 0 where it is approved, 1 where it is declined or not answered. */
export async function auth(flags: AuthFlags): Promise<ExitCode> {
  const { url } = flags;
  if (!/^\d{4}$/.test(flags.mcc)) return complain("--mcc is four digits, such as 5812", exitCodes.usage);
  if (!/^\d+(\.\d+)?$/.test(flags.amount)) return complain("--amount has to be such as 12.50", exitCodes.usage);
  if (!isEntry(flags.entry)) return complain(`--entry is one of ${entries.join(", ")}`, exitCodes.usage);
  const card = await askAdmin<CardView>({ url }, `/_admin/cards/${encodeURIComponent(flags.card)}`);
  if (!card.ok) return complain(card.error.message, card.error.exitCode);
  const links = await askAdmin<LinksView>({ url }, "/_admin/links");
  if (!links.ok) return complain(links.error.message, links.error.exitCode);
  const network = flags.network ?? card.value.body.network;
  const link = links.value.body.links.find(({ name, network: spoken }) =>
    flags.link === undefined ? spoken === network : name === flags.link,
  );
  if (link === undefined)
    return complain(`no link ${flags.link ?? `for the network ${network}`} here`, exitCodes.usage);
  const purchase = purchaseOf(flags, card.value.body, link);
  if (purchase === null)
    return complain("--amount has to be such as 12.50, in a currency that exists", exitCodes.usage);
  return exchange(link, purchase, flags.json);
}

async function exchange(target: RunningLink, purchase: Purchase, json: boolean): Promise<ExitCode> {
  const clock = new MovableClock();
  const side = networkSides[target.network];
  const host = target.host === "0.0.0.0" ? "127.0.0.1" : target.host;
  const signOn = target.network === "generic" ? "none" : "by-us";
  const link = new Link({ side, address: { kind: "connect", host, port: target.port }, signOn, clock });
  await link.open();
  try {
    if (!(await link.usable(usableMsMax)))
      return complain(`the link ${target.name} at ${host}:${target.port} does not come up`);
    const fields = side.request(purchase, "0100", clock.wallNow());
    const startedMs = clock.monotonicNow();
    const answer = await new Promise<Answer>((resolve) => link.request(fields, answerMsMax, resolve));
    return tell({ target, fields, answer, latencyMs: clock.monotonicNow() - startedMs, json });
  } finally {
    await link.close();
  }
}

interface Exchanged {
  readonly target: RunningLink;
  readonly fields: WireFields;
  readonly answer: Answer;
  readonly latencyMs: number;
  readonly json: boolean;
}

function tell({ target, fields, answer, latencyMs, json }: Exchanged): ExitCode {
  const request = maskedRequest(target, fields);
  const response = answer.kind === "reply" ? masked(answer.message) : null;
  const code = response?.["39"] ?? null;
  const isApproved = code !== null && isApproval(code);
  const word = isApproved ? "approved" : code === null ? "no answer" : "declined";
  const report = { link: target.name, outcome: word, responseCode: code, latencyMs, request, response };
  const shown = ["2", "4", "7", "11", "18", "37", "38", "39", "44", "49"];
  const line = (name: string, all: Readonly<Record<string, string>>): string =>
    `${name} ${all["0"] ?? ""}  ${shown
      .filter((path) => path in all)
      .map((path) => `${path}=${all[path]?.trim()}`)
      .join("  ")}`;
  const text = [
    line("→", request),
    response === null ? "← nothing" : line("←", response),
    `${word}${code === null ? "" : ` (${code})`} on ${target.name} in ${latencyMs.toFixed(1)} ms`,
  ];
  print(json, report, text.join("\n"));
  return isApproved ? exitCodes.ok : exitCodes.failed;
}

// Written and read again, so that the dialect's own word says what is hidden.
function maskedRequest({ network }: RunningLink, fields: WireFields): Readonly<Record<string, string>> {
  const codec = new WireCodec(networkSides[network]);
  const frame = codec.request(fields);
  return masked(must(codec.decode(frame.subarray(codec.framing.headerBytes)), "a message of ours can be read"));
}

const entries = ["chip", "ecommerce"] as const;

function isEntry(text: string): text is (typeof entries)[number] {
  return entries.some((entry) => entry === text);
}

const homes: Readonly<Record<string, string>> = { usd: "US", eur: "DE", gbp: "GB" };

function purchaseOf(flags: AuthFlags, card: CardView, { network }: RunningLink): Purchase | null {
  const currency = currenciesByCode(currencies).get(flags.currency ?? card.currency);
  const amount: Minor | null = currency === undefined ? null : parseMajor(flags.amount, currency.decimals);
  if (currency === undefined || amount === null || amount < 0n) return null;
  const country = must(countriesByAlpha2(countries).get(homes[currency.code] ?? "US"), "a country that exists");
  const isPresent = flags.entry !== "ecommerce";
  return {
    network,
    card: { pan: wirePan(card.pan), expiry: card.expiry },
    acceptor: {
      institution: "400551",
      acquirerCountry: country,
      name: "COMMAND LINE STORE",
      city: "TERMINAL",
      state: null,
      country,
      currency: currency.number,
      categoryCode: flags.mcc,
      terminal: "CLI00001",
      merchantId: "COMMANDLINE0001",
    },
    amount,
    billing: null,
    entry: isPresent ? "chip" : "ecommerce",
    asks: plainGoods,
    trace: new TraceNumbers(secureRandom.integer(runMax), secureRandom.integer(1_000_000) + 1).next(),
    startedMs: new MovableClock().wallNow(),
  };
}
