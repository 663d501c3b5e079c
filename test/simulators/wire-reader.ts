import { must } from "../../src/kernel/assert.ts";
import type { Message } from "../../src/iso8583/public.ts";
import { minor, zero } from "../../src/kernel/money.ts";
import { wirePan } from "../../src/kernel/pan.ts";
import type { NetworkMessage } from "../../simulators/network-message.ts";
import type { AdviceMti, ReversalMti } from "../../simulators/network-side.ts";
import {
  type Asks,
  type NetworkName,
  type OriginalMti,
  type Purchase,
  type Service,
  type Undo,
  plainGoods,
} from "../../simulators/purchase.ts";
import { countries } from "../../specs/countries.ts";

/** What a simulator has said, from nothing but what stands on the wire. */
export function readWire(request: Message, network: NetworkName): NetworkMessage {
  const { mti } = request;
  const original = request.get("90");
  const of = original === undefined ? null : originalMti(original.slice(0, 4));
  const purchase = purchaseOnWire(request, network);
  const spokenOf =
    original === undefined ? purchase : { ...purchase, trace: { ...purchase.trace, stan: original.slice(4, 10) } };
  if (mti.startsWith("04")) {
    const undo: Undo = {
      purchase: spokenOf,
      of: must(of, "a reversal of a simulator has DE90"),
      stan: field(request, "11"),
      cause: "customer",
      replacement: replacementIn(request, network),
      authorizationCode: null,
    };
    return { kind: "reversal", mti: mti as ReversalMti, undo };
  }
  if (mti.charAt(2) !== "2") return { kind: "request", mti: mti.startsWith("01") ? "0100" : "0200", purchase };
  const advice = {
    purchase: spokenOf,
    stan: field(request, "11"),
    original: of,
    cause: "offline",
    responseCode: field(request, "39"),
    authorizationCode: request.get("38") ?? null,
  } as const;
  return { kind: "advice", mti: mti as AdviceMti, advice };
}

function purchaseOnWire(request: Message, network: NetworkName): Purchase {
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
    entry: entryOf(request),
    asks: asksIn(request, network),
    trace: {
      stan: field(request, "11"),
      rrn: field(request, "37"),
      transactionId: request.get("62.2") ?? "",
      // DE63.2 of a first message, DE48.63 of one that speaks of it.
      reference: request.get("48.63")?.slice(3, 11) ?? request.get("63.2") ?? "",
    },
    startedMs: startedAt(request),
  };
}

const services: Readonly<Record<string, Service>> = {
  "00": "goods",
  "01": "cash",
  "09": "goods_and_cash",
  "20": "refund",
  "31": "inquiry",
};

function asksIn(request: Message, network: NetworkName): Asks {
  const isMore =
    (network === "visa" && request.get("63.3") === "3900") ||
    (network === "mastercard" &&
      request.get("61.7") === "4" &&
      request.get("48.63") !== undefined &&
      !request.has("90"));
  const part = network === "visa" ? request.get("60.10") : request.get("48.61")?.charAt(0);
  const cashback = request.get("54")?.slice(-12);
  const asks: Asks = {
    ...plainGoods,
    service: must(services[field(request, "3").slice(0, 2)], "a processing code of the simulators"),
    cashback: cashback === undefined ? zero : minor(BigInt(cashback)),
    takesPartial: part === "1",
  };
  // The chain is named by the message's own fields, so it may stand for its first message itself.
  return isMore ? { ...asks, addsTo: { ...purchaseWithout(request, network), asks } } : asks;
}

/** A message that only names its chain. */
function purchaseWithout(request: Message, network: NetworkName): Omit<Purchase, "asks"> {
  const chain = request.get("48.63");
  const [month, day] = [chain?.slice(11, 13) ?? "01", chain?.slice(13, 15) ?? "01"];
  return {
    network,
    card: { pan: wirePan(""), expiry: "" },
    acceptor: nobodyAt,
    amount: zero,
    billing: null,
    entry: "chip",
    trace: { stan: "", rrn: "", transactionId: request.get("62.2") ?? "", reference: chain?.slice(3, 11) ?? "" },
    startedMs: Date.UTC(2026, Number(month) - 1, Number(day)),
  };
}

const nobodyAt = {
  institution: "",
  acquirerCountry: countries[0],
  name: "",
  city: "",
  state: null,
  country: countries[0],
  currency: 840,
  categoryCode: "",
  terminal: "",
  merchantId: "",
};

function replacementIn(request: Message, network: NetworkName): Undo["replacement"] {
  const rest = request.get("95");
  if (rest === undefined) return null;
  const billing = network === "mastercard" ? BigInt(rest.slice(24, 36)) : 0n;
  return { amount: minor(BigInt(rest.slice(0, 12))), billing: billing === 0n ? null : minor(billing) };
}

function originalMti(text: string): OriginalMti {
  const known = (["0100", "0120", "0200", "0220"] as const).find((mti) => mti === text);
  return must(known, "DE90 of a simulator names a type");
}

function entryOf(request: Message): Purchase["entry"] {
  const mode = request.get("22") ?? "";
  if (mode.startsWith("05") || mode.startsWith("07") || mode.startsWith("9")) return "chip";
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
  return must(request.get(path), `a message of a simulator has DE${path}`);
}
