import { avsAnswers } from "../../specs/avs-results.ts";
import { cryptogramAnswers } from "../../specs/cryptogram-results.ts";
import { cvv2Answers } from "../../specs/cvv2-results.ts";
import type { Network } from "../../specs/networks.ts";
import { type VerificationPlaces, verificationPlaces } from "../../specs/verification-places.ts";
import type { Proofs, Verified } from "../authorizer/proofs.ts";
import type { Codec, Message } from "../iso8583/public.ts";
import { ProofMapping } from "./proof-mapping.ts";

/** Results in the order in which they are written. */
interface Letters {
  readonly category: string;
  readonly avs: string;
  readonly code: string;
  readonly cryptogram: string;
}

/**
 * What requests bring along as proof, and what we say of it. Addresses are compared by nobody here, and a check whose keys
 * or data are absent is never a pass (rules: Order of the decision): the letters say that nothing was compared.
 */
export class CheckAnswers {
  readonly #codec: Codec;
  readonly #network: Network;
  readonly #places: VerificationPlaces;
  readonly #proofs: ProofMapping;
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
    this.#proofs = new ProofMapping(network);
    const { request, answer } = this.#places;
    this.#addressNumber = numberOf(request.address);
    this.#codeNumber = numberOf(request.cvv2);
    this.numbers = answer.cvv2 === null ? [] : [numberOf(answer.cvv2)];
  }

  /** What proves card and holder in a request that came by a link; null: nothing. */
  proofsIn(request: Message, pan: string, link: string): Proofs | null {
    return this.#proofs.of(request, pan, link);
  }

  /** A message with nothing but that field; null where nothing was to be checked, as in most. */
  of(request: Message, verified: Verified | null): Message | null {
    const network = this.#network;
    const hasAddress = request.elements[this.#addressNumber] !== undefined;
    const hasCode = request.elements[this.#codeNumber] !== undefined && this.#proofs.codeIn(request) !== null;
    const outcome = verified?.cryptogram ?? "not_provided";
    if (!hasAddress && !hasCode && outcome === "not_provided") return null;
    const letters = {
      category: network === "mastercard" ? (request.get("48.TCC") ?? "") : "",
      avs: hasAddress ? avsAnswers[network].not_provided.not_provided : "",
      code: hasCode ? cvv2Answers[network][verified?.cvc2 ?? "not_provided"] : "",
      cryptogram: outcome === "not_provided" ? "" : (cryptogramAnswers[network][outcome] ?? ""),
    };
    const key = `${letters.category}/${letters.avs}/${letters.code}/${letters.cryptogram}`;
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = this.#write(letters);
      this.#answers.set(key, answer);
    }
    return answer;
  }

  #write({ category, avs, code, cryptogram }: Letters): Message {
    const { answer } = this.#places;
    const message = this.#codec.create("0000");
    if (category !== "") message.set("48.TCC", category);
    for (const [path, letters] of [
      [answer.cryptogram, cryptogram],
      [answer.avs, avs],
      [answer.cvv2, code],
    ] as const) {
      if (path !== null && letters !== "") message.set(path, letters);
    }
    return message;
  }
}

/** 0, which no field has, where there is no place. */
function numberOf(path: string | null): number {
  return path === null ? 0 : Number.parseInt(path, 10);
}
