import { avsAnswers } from "../../specs/avs-results.ts";
import { cvv2Answers } from "../../specs/cvv2-results.ts";
import type { Network } from "../../specs/networks.ts";
import { type VerificationPlaces, verificationPlaces } from "../../specs/verification-places.ts";
import type { Codec, Message } from "../iso8583/public.ts";

/**
 * What we say of an address or a CVV2 that a request brought along. Nobody compares them here, and a check whose keys or
 * data are absent is never a pass (rules: Order of the decision): the letters say that nothing was compared.
 */
export class CheckAnswers {
  readonly #codec: Codec;
  readonly #network: Network;
  readonly #places: VerificationPlaces;
  readonly #addressNumber: number;
  readonly #codeNumber: number;
  /** There are few, so each is written once and echoed. */
  readonly #answers = new Map<string, Message>();
  /** The field that has them all; empty where the network has no place for them. */
  readonly numbers: readonly number[];

  constructor(codec: Codec, network: Network) {
    this.#codec = codec;
    this.#network = network;
    this.#places = verificationPlaces[network];
    const { request, answer } = this.#places;
    this.#addressNumber = numberOf(request.address);
    this.#codeNumber = numberOf(request.cvv2);
    this.numbers = answer.cvv2 === null ? [] : [numberOf(answer.cvv2)];
  }

  /** A message with nothing but that field; null where nothing was to be checked, as in most. */
  of(request: Message): Message | null {
    const hasAddress = request.elements[this.#addressNumber] !== undefined;
    const hasCode = request.elements[this.#codeNumber] !== undefined && this.#bringsCode(request);
    if (!hasAddress && !hasCode) return null;
    const category = this.#network === "mastercard" ? (request.get("48.TCC") ?? "") : "";
    const key = `${category}${hasAddress ? "A" : ""}${hasCode ? "C" : ""}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = this.#write(category, hasAddress, hasCode);
    this.#answers.set(key, answer);
    return answer;
  }

  // Visa-style, | presence 1 | response type 1 | code 4 |: only presence 1 brings one.
  #bringsCode(request: Message): boolean {
    const code = request.get(this.#places.request.cvv2 ?? "");
    return code !== undefined && (this.#network !== "visa" || code.startsWith("1"));
  }

  #write(category: string, hasAddress: boolean, hasCode: boolean): Message {
    const { answer } = this.#places;
    const message = this.#codec.create("0000");
    if (category !== "") message.set("48.TCC", category);
    if (hasAddress && answer.avs !== null) {
      message.set(answer.avs, avsAnswers[this.#network].not_provided.not_provided);
    }
    if (hasCode && answer.cvv2 !== null) message.set(answer.cvv2, cvv2Answers[this.#network].not_provided);
    return message;
  }
}

/** 0, which no field has, where there is no place. */
function numberOf(path: string | null): number {
  return path === null ? 0 : Number.parseInt(path, 10);
}
