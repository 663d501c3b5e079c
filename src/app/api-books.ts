import { createHmac } from "node:crypto";
import type { ApiBooks } from "../api/api-parts.ts";
import { AnswerCache } from "../api/answer-cache.ts";
import { KeyRing } from "../api/key-ring.ts";
import { endpointSecret } from "../webhooks/endpoint-secret.ts";
import type { Place } from "../kernel/ids.ts";
import { lastEntryNumber } from "../store/last-entry-number.ts";
import type { Books } from "./books.ts";
import type { KeyMaterial } from "./key-file.ts";

const answerLimits = { charsMax: 16_000_000, answerCharsMax: 65_536 } as const;

/** A secret from which what names keys and requests is derived: they are worth nothing in another data set. */
export function apiHashKey({ idKey }: KeyMaterial): Uint8Array {
  return createHmac("sha256", idKey).update("api").digest();
}

export interface ApiBooksOptions {
  readonly platform: Place;
  readonly hashKey: Uint8Array;
  /** A key that stands in no record; null: none. */
  readonly processKey: string | null;
}

/** What the API needs of the books that are open now. */
export function apiBooksOf({ access, engine, projector }: Books, options: ApiBooksOptions): ApiBooks {
  const { committer, cardCodes, vault } = engine;
  const { hashKey, platform, processKey } = options;
  const keys = new KeyRing(hashKey, processKey);
  keys.load(access.queries);
  const lastNumber = oncePerTurn((shard, timeoutMs) => lastEntryNumber(committer, shard, timeoutMs));
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
    platform,
    keys,
    caughtUp: async (shard, timeoutMs) => {
      const last = await lastNumber(shard, timeoutMs);
      return last !== null && (await projector.waitFor(shard, last, timeoutMs));
    },
    answers: new AnswerCache(answerLimits),
    position: (shard) => projector.passed(shard),
    recorded: (shard, no, timeoutMs) => projector.waitFor(shard, no, timeoutMs),
  };
}

type ReadLast = (shard: number, timeoutMs: number) => Promise<number | null>;

/** Requests that came in the same turn of the loop ask once, and after all of them have come. */
function oncePerTurn(read: ReadLast): ReadLast {
  const asked = new Map<number, Promise<number | null>>();
  return (shard, timeoutMs) => {
    const soon =
      asked.get(shard) ??
      new Promise<number | null>((resolve) => {
        setImmediate(() => {
          asked.delete(shard);
          resolve(read(shard, timeoutMs));
        });
      });
    asked.set(shard, soon);
    return soon;
  };
}
