import type { Message } from "../../src/iso8583/public.ts";
import { minor } from "../../src/kernel/money.ts";
import { wirePan } from "../../src/kernel/pan.ts";
import { must } from "../../src/kernel/assert.ts";
import type { Opinion } from "../../simulators/opinion.ts";
import { type NetworkName, type Purchase, plainGoods } from "../../simulators/purchase.ts";
import { countries } from "../../specs/countries.ts";
import type { Script } from "./scripted-issuer.ts";
import { startMs } from "./small-purchase.ts";

/** An issuer that answers as the model of the rules does, reading everything it knows from the wire. */
export function modelScript(network: NetworkName, opinion: Opinion, now: () => number): Script {
  return (request) => {
    const purchase = purchaseIn(request, network);
    const moment = { wallMs: startMs, businessMs: now() };
    const isAdvice = request.mti === "0420" || request.mti === "0421";
    const expectation = request.mti.startsWith("01")
      ? opinion.authorize(purchase, moment)
      : opinion.reverse(undoIn(request, purchase), isAdvice, moment);
    if (expectation.responseCode === null) return null;
    if (expectation.responseCode !== "00" || !request.mti.startsWith("01"))
      return { fields: { 39: expectation.responseCode } };
    return { fields: { 38: purchase.trace.rrn.slice(-6), 39: "00" } };
  };
}

function undoIn(request: Message, purchase: Purchase): Parameters<Opinion["reverse"]>[0] {
  const rest = request.get("95");
  const original = { ...purchase, trace: { ...purchase.trace, stan: field(request, "90").slice(4, 10) } };
  return {
    purchase: original,
    of: "0100",
    stan: field(request, "11"),
    cause: "customer",
    replacement: rest === undefined ? null : { amount: minor(BigInt(rest.slice(0, 12))), billing: null },
    authorizationCode: null,
  };
}

function purchaseIn(request: Message, network: NetworkName): Purchase {
  const billed = request.get("6");
  const place = merchantCountry(request, network);
  const currency = Number(field(request, "49"));
  return {
    network,
    card: { pan: wirePan(field(request, "2")), expiry: request.get("14") ?? "" },
    acceptor: {
      institution: field(request, "32"),
      acquirerCountry: place,
      name: "",
      city: "",
      state: null,
      country: place,
      currency,
      categoryCode: field(request, "18"),
      terminal: field(request, "41"),
      merchantId: field(request, "42"),
    },
    amount: minor(BigInt(field(request, "4"))),
    billing:
      billed === undefined
        ? null
        : { amount: minor(BigInt(billed)), currency: Number(field(request, "51")), rate: field(request, "10") },
    entry: field(request, "22").startsWith("05") || field(request, "22").startsWith("9") ? "chip" : entryOf(request),
    asks: plainGoods,
    trace: {
      stan: field(request, "11"),
      rrn: field(request, "37"),
      transactionId: request.get("62.2") ?? "",
      reference: referenceIn(request),
    },
    startedMs: startedAt(request),
  };
}

/** DE63.2 of a first message, DE48.63 of one that speaks of it. */
function referenceIn(request: Message): string {
  return request.get("48.63")?.slice(3, 11) ?? request.get("63.2") ?? "";
}

function entryOf(request: Message): Purchase["entry"] {
  return request.get("35") === undefined ? "ecommerce" : "stripe";
}

function merchantCountry(request: Message, network: NetworkName): (typeof countries)[number] {
  const place = field(request, "43");
  const number = Number(request.get("61.13") ?? "0");
  const found = countries.find((row) =>
    network === "mastercard" ? row.number === number : row.alpha2 === place.slice(38),
  );
  return must(found ?? countries[0], "a table of countries");
}

/** DE13 and DE12 back into a time of the same year. */
function startedAt(request: Message): number {
  const [date, time] = [field(request, "13"), field(request, "12")];
  const part = (text: string, at: number): number => Number(text.slice(at, at + 2));
  return Date.UTC(2026, part(date, 0) - 1, part(date, 2), part(time, 0), part(time, 2), part(time, 4));
}

function field(request: Message, path: string): string {
  return must(request.get(path), `a message of the day has DE${path}`);
}
