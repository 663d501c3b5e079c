import type { Model } from "./model/model.ts";
import type { Moment } from "./opinion-facts.ts";

/** What falls due by business time goes, as the issuer's due runner lets it go. */
export function expireDueHolds(model: Model, { wallMs, businessMs }: Moment): void {
  for (const { chain } of model.program.cards.values()) {
    for (const { key, isCompleted, isFuel } of model.dueHolds(chain, businessMs)) {
      const asFuel = isFuel && !isCompleted;
      model.expire({ chain, holdKey: key, asFuel, wallNowMs: wallMs, businessNowMs: businessMs });
    }
  }
}
