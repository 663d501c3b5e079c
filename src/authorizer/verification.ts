import { decisionTable } from "../../specs/decision-table.ts";
import type { BlockCipher } from "../hsm/block-cipher.ts";
import { CardCodes } from "../hsm/card-codes.ts";
import { ChipSession, schemeOf, versionOf } from "../hsm/cryptogram.ts";
import { isSame } from "../hsm/decimals.ts";
import type { KeyStore } from "../hsm/key-store.ts";
import { decryptPin } from "../hsm/pin-block.ts";
import { PinCheck } from "../hsm/pin-check.ts";
import type { Pan } from "../kernel/pan.ts";
import type { CardView } from "./card-view.ts";
import type { DeclineCheck } from "./decision.ts";
import type { ChipProof, ProofOutcome, Proofs, Verified } from "./proofs.ts";

/** Which check declines where a proof fails, in the order of the decision. */
const refusals = { cvc2: "cvc", pin: "pin", cryptogram: "cryptogram" } as const satisfies Readonly<
  Record<string, DeclineCheck>
>;

/** Card status update: the issuer approves online, and nothing else. */
const statusUpdates = { approved: Buffer.from("00800000", "hex"), declined: Buffer.alloc(4) } as const;
/** M/Chip's ARPC response code: approve the transaction, and nothing else. */
const mchipCodes = { approved: Buffer.from("0010", "hex"), declined: Buffer.alloc(2) } as const;

/** Compares what requests bring along with what the issuer's keys say (rules: Order of the decision). */
export class Verifier {
  readonly #codes: CardCodes;
  readonly #pins: PinCheck;
  readonly #keys: KeyStore;
  readonly #issuerKey: BlockCipher;
  /** By name of the link. */
  readonly #zones = new Map<string, BlockCipher>();

  constructor(keys: KeyStore) {
    this.#keys = keys;
    this.#codes = new CardCodes(keys);
    this.#pins = new PinCheck(keys);
    this.#issuerKey = keys.issuer("imk-ac", "E0");
  }

  /** The check that declines a request of this card, or null. What came of each proof is noted with them. */
  refusalOf(pan: Pan, view: CardView, proofs: Proofs | null | undefined): DeclineCheck | null {
    if (proofs === null || proofs === undefined) return null;
    const chip = proofs.chip === null ? notProvided : this.#chip(pan, proofs.chip);
    const cvc2 = this.#cvc2(pan, view.expiry, proofs.cvc2);
    const pin = this.#pin(pan, proofs.pin);
    const outcomes = { cvc2, pin, cryptogram: chip.outcome } as const;
    const refusal = lowestRank(outcomes);
    proofs.verified = { ...outcomes, refusal, issuerAuthentication: chip.issuerAuthentication };
    return refusal;
  }

  #cvc2(pan: Pan, expiry: number, given: string | null): ProofOutcome {
    return given === null ? "not_provided" : this.#codes.verifyCvc2({ pan, expiry }, given);
  }

  // A block that does not open was made for another card or under another key: the PIN in it is not this card's.
  #pin(pan: Pan, given: Proofs["pin"]): ProofOutcome {
    if (given === null) return "not_provided";
    const opened = decryptPin({ key: this.#zone(given.link), format: 0, pan }, given.block);
    if (!opened.ok) return "mismatch";
    const isRight = this.#pins.isRight(pan, opened.value);
    opened.value.fill(0);
    return isRight ? "match" : "mismatch";
  }

  #zone(link: string): BlockCipher {
    let key = this.#zones.get(link);
    if (key === undefined) {
      key = this.#keys.zonePin(link);
      this.#zones.set(link, key);
    }
    return key;
  }

  #chip(pan: Pan, { cryptogram, sequence, data }: ChipProof): ChipOutcome {
    const scheme = schemeOf(pan);
    const version = versionOf(scheme, data.issuerData);
    if (version === null) return notProvided;
    const session = new ChipSession(this.#issuerKey, version, { pan, sequence }, data);
    if (!isSame(cryptogram, session.cryptogram())) return { outcome: "mismatch", issuerAuthentication: null };
    return {
      outcome: "match",
      issuerAuthentication: (isApproved, responseCode) => {
        const word = isApproved ? "approved" : "declined";
        const code =
          scheme === "mchip" ? mchipCodes[word] : Buffer.from(responseCode.padEnd(2), "latin1").subarray(0, 2);
        return session.issuerAuthentication(cryptogram, { responseCode: code, statusUpdate: statusUpdates[word] });
      },
    };
  }
}

interface ChipOutcome {
  readonly outcome: ProofOutcome;
  readonly issuerAuthentication: Verified["issuerAuthentication"];
}

const notProvided: ChipOutcome = { outcome: "not_provided", issuerAuthentication: null };

function lowestRank(outcomes: Readonly<Record<keyof typeof refusals, ProofOutcome>>): DeclineCheck | null {
  let lowest: DeclineCheck | null = null;
  for (const proof of ["cvc2", "pin", "cryptogram"] as const) {
    if (outcomes[proof] !== "mismatch") continue;
    const check = refusals[proof];
    if (lowest === null || decisionTable[check].rank < decisionTable[lowest].rank) lowest = check;
  }
  return lowest;
}
