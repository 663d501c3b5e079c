import { networks } from "../../specs/networks.ts";
import { zero } from "../kernel/money.ts";
import type { AmountPart, EntryHead, MessagePart } from "../store/entry-part.ts";
import type { Bill } from "./bill.ts";
import type { CardView } from "./card-view.ts";
import type { MessageKeys } from "./identity.ts";
import type { MerchantReference } from "./merchant-dictionary.ts";
import { detailsOf } from "./proofs.ts";
import { type AdviceRequest, type FinancialRequest, type MessageIdentity, doors, purposes } from "./request.ts";

/** Whom a message is about and under which names it goes. */
export interface Addressed {
  readonly view: CardView;
  readonly keys: MessageKeys;
  readonly merchant: MerchantReference;
}

/** What every entry of a message says: spread it last into an entry, behind the entry's own fields (9 µs → 0.4 µs). */
export function messagePart(
  request: MessageIdentity & { readonly wallNowMs: number },
  { view, keys, merchant }: Addressed,
): EntryHead & MessagePart {
  return {
    account: view.account,
    wallMs: request.wallNowMs,
    network: networks[request.network],
    card: view.card,
    chain: view.chain,
    cardholder: view.cardholder,
    messageKey: keys.messageKey,
    chainKey: keys.chainKey,
    fingerprint: keys.fingerprint,
    stan: request.stan,
    acquirer: request.acquirer,
    rrn: request.rrn,
    networkChain: request.networkChain ?? "",
    transactionAmount: request.transactionAmount,
    transactionCurrency: request.transactionCurrency,
    cardCurrency: view.currency,
    merchantKey: merchant.key,
    merchant: merchant.text,
  };
}

/** What the entry of a 0120, 0200 or 0220 says of its amount: spread it last, as messagePart. */
export function amountPart(request: AdviceRequest | FinancialRequest, bill: Bill, code: number): AmountPart {
  return {
    door: doors[request.door],
    purpose: purposes[request.purpose],
    cardAmount: bill.amount,
    rate: bill.rate,
    mcc: Number(request.mcc),
    merchantCountry: request.merchantCountry,
    isPresent: request.presence === "present",
    allowsPartial: "allowsPartial" in request && request.allowsPartial,
    cashbackAmount: "cashbackAmount" in request ? request.cashbackAmount : zero,
    entryMode: request.entryMode,
    processingCode: request.processingCode,
    authorizationCode: code,
    details: detailsOf(request),
  };
}
