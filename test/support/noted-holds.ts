import type { CardView } from "../../src/authorizer/card-view.ts";
import { originalKeyOf } from "../../src/authorizer/identity.ts";
import type { AdviceRequest, AuthorizationRequest, MessageFunction } from "../../src/authorizer/request.ts";
import type { DueHold } from "../../src/store/expire.ts";
import { keyOf } from "../../simulators/model/messages.ts";

/** The key under which a hold may lie: that of its first message. */
export interface NamedOriginal {
  readonly stan: string;
  readonly function: MessageFunction;
}

type NotedHold = Pick<DueHold, "holdNo" | "holdKey" | "card" | "cardholder" | "mcc">;

/** Entries that may have made a hold, by the name that the model gives it: what the due runner reads from the records. */
export class NotedHolds {
  readonly #holds = new Map<string, NotedHold>();

  note(
    made: {
      readonly request: AuthorizationRequest | AdviceRequest;
      readonly journalNo: number;
      readonly original: NamedOriginal;
    },
    { card, cardholder, panIndex }: CardView,
  ): void {
    const { request, journalNo, original } = made;
    const holdKey = originalKeyOf(request, panIndex, original);
    const name = keyOf(request, original.function, original.stan);
    this.#holds.set(name, { holdNo: journalNo, holdKey, card, cardholder, mcc: Number(request.mcc) });
  }

  get(modelKey: string): NotedHold | undefined {
    return this.#holds.get(modelKey);
  }
}
