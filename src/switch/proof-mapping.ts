import type { Network } from "../../specs/networks.ts";
import { chipPlaces, verificationPlaces } from "../../specs/verification-places.ts";
import type { ChipProof, Proofs } from "../authorizer/proofs.ts";
import { schemeOf, versionOf } from "../hsm/cryptogram.ts";
import type { Message } from "../iso8583/public.ts";

/** Tags that a cryptogram signs, in its order, and how many bytes each has. */
const signedTags = [
  ["9F02", 6],
  ["9F03", 6],
  ["9F1A", 2],
  ["95", 5],
  ["5F2A", 2],
  ["9A", 3],
  ["9C", 1],
  ["9F37", 4],
  ["82", 2],
  ["9F36", 2],
] as const;

const unpredictableAt = 7;
const counterAt = 9;

/** Where a network's requests carry what proves card and holder; its paths are put together once. */
export class ProofMapping {
  readonly #network: Network;
  readonly #code: string | null;
  readonly #codeNumber: number;
  readonly #tags: ReadonlyMap<string, string>;

  constructor(network: Network) {
    const { cvv2 } = verificationPlaces[network].request;
    this.#network = network;
    this.#code = cvv2;
    this.#codeNumber = cvv2 === null ? 0 : Number.parseInt(cvv2, 10);
    const names = ["9F10", "9F26", "5F34", ...signedTags.map(([tag]) => tag)];
    this.#tags = new Map(names.map((tag) => [tag, `${chipPlaces[network]}.${tag}`]));
  }

  /** null where a request of this PAN brings nothing that could be verified, as most of them. */
  of(message: Message, pan: string, link: string): Proofs | null {
    const { elements } = message;
    const cvc2 = elements[this.#codeNumber] === undefined ? null : this.codeIn(message);
    const chip = elements[55] === undefined ? null : this.#chip(message, pan);
    const block = elements[52] === undefined ? undefined : message.get("52");
    if (cvc2 === null && chip === null && block === undefined) return null;
    const pin = block === undefined ? null : { link, block: Buffer.from(block.slice("hex:".length), "hex") };
    return { cvc2, pin, chip, verified: null };
  }

  /** Visa-style, | presence 1 | response type 1 | code 4 |: only presence 1 brings one. "" where it is left blank. */
  codeIn(message: Message): string | null {
    const value = this.#code === null ? undefined : message.get(this.#code);
    if (value === undefined) return null;
    if (this.#network !== "visa") return value.trim();
    return value.startsWith("1") ? value.slice(2).trim() : null;
  }

  // Made-up chips name a version that nobody knows: they cost two look-ups.
  #chip(message: Message, pan: string): ChipProof | null {
    const issuerData = this.#tag(message, "9F10");
    if (issuerData === undefined || versionOf(schemeOf(pan), issuerData) === null) return null;
    const cryptogram = this.#tag(message, "9F26");
    const signed: Uint8Array[] = [];
    for (const [tag, bytes] of signedTags) {
      const value = this.#tag(message, tag);
      if (value?.length !== bytes) return null;
      signed.push(value);
    }
    const [atc, unpredictable] = [signed[counterAt], signed[unpredictableAt]];
    if (cryptogram === undefined || atc === undefined || unpredictable === undefined) return null;
    const data = { signed: Buffer.concat(signed), atc, unpredictable, issuerData };
    return { cryptogram, sequence: this.#sequence(message), data };
  }

  /** Tag 5F34, else DE23, else 00: two digits. */
  #sequence(message: Message): string {
    const tag = this.#tag(message, "5F34");
    if (tag?.length === 1) return (tag[0] ?? 0).toString(16).padStart(2, "0");
    return message.get("23")?.slice(-2) ?? "00";
  }

  #tag(message: Message, tag: string): Uint8Array | undefined {
    return message.bytes(this.#tags.get(tag) ?? "");
  }
}
