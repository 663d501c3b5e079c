import { createHmac } from "node:crypto";
import type { ApiBooks } from "../api/api-parts.ts";
import { AnswerCache } from "../api/answer-cache.ts";
import { KeyRing } from "../api/key-ring.ts";
import { endpointSecret } from "../webhooks/endpoint-secret.ts";
import type { Place } from "../kernel/ids.ts";
import { LastEntryNumbers } from "../store/last-entry-number.ts";
import type { Books } from "./books.ts";
import type { KeyMaterial } from "./key-file.ts";

/** How long Redis may take to tell how far a journal has got. */
const lastEntryMs = 2_000;
const answerLimits = { charsMax: 16_000_000, answerCharsMax: 65_536 } as const;

/** A secret from which what names keys and requests is derived: they are worth nothing in another data set. */
export function apiHashKey({ idKey }: KeyMaterial): Uint8Array {
  return createHmac("sha256", idKey).update("api").digest();
}

export interface ApiBooksOptions {
  readonly platform: Place;
  readonly undelivered: ApiBooks["undelivered"];
  readonly hashKey: Uint8Array;
  /** A key that stands in no record; null: none. */
  readonly processKey: string | null;
}

/** What the API needs of the books that are open now. */
export function apiBooksOf({ access, engine, projector }: Books, options: ApiBooksOptions): ApiBooks {
  const { committer, cardCodes, vault } = engine;
  const { hashKey, platform, processKey, undelivered } = options;
  const keys = new KeyRing(hashKey, processKey);
  keys.load(access.queries);
  const lastEntries = new LastEntryNumbers(committer, lastEntryMs);
  return {
    program: access.program,
    records: access.queries,
    ids: engine.ids,
    authorizer: engine.authorizer,
    cardSecrets: {
      number: (card, sealedPan) => vault.open(sealedPan, `${card.shard}/${card.no}`),
      cvc: (pan, expiry) => cardCodes.cvc2(pan, expiry),
      endpointSecret: (endpoint) => endpointSecret(hashKey, endpoint),
    },
    undelivered,
    platform,
    keys,
    caughtUp: async (shard, timeoutMs) => {
      const last = await lastEntries.of(shard);
      return last !== null && (await projector.waitFor(shard, last, timeoutMs));
    },
    answers: new AnswerCache(answerLimits),
    position: (shard) => projector.passed(shard),
    reach: (shard, no, timeoutMs) => projector.reach(shard, no, timeoutMs),
    recorded: (shard, no, timeoutMs) => projector.waitFor(shard, no, timeoutMs),
  };
}
