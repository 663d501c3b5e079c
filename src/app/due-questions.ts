import { askedMessageOf, defaultAnswer } from "../authorizer/resolve.ts";
import { must } from "../kernel/assert.ts";
import type { Clock } from "../kernel/clock.ts";
import type { AccountBody } from "../resources/accounts/accounts.ts";
import { unpackEntry } from "../store/journal-entry.ts";
import type { Engine } from "./engine.ts";
import type { ProgramAccess } from "./program-access.ts";

export interface DueQuestionsParts {
  readonly engine: Pick<Engine, "authorizer">;
  readonly access: Pick<ProgramAccess, "queries">;
  readonly clock: Clock;
}

/** Whoever has asked comes first: this is for what a crash has left. In wall time. */
const graceMs = 1_000;
const questionsMax = 500;

/**
 * Ends the questions to endpoints whose time is over by the default of their account (rules: Real-time endpoint). Tells how
 * many; what cannot be ended now is left for the next run.
 */
export async function endOverdueQuestions({ access, clock, engine }: DueQuestionsParts): Promise<number> {
  const places = access.queries.overdueQuestions(clock.wallNow() - graceMs, questionsMax);
  let ended = 0;
  for (const place of places) {
    const bytes = must(access.queries.entryBytes(place), "a recorded question has an entry");
    const entry = unpackEntry(place.shard, place.no, bytes);
    if (entry.kind !== "authorization") throw new Error("a question is about a 0100");
    const stored = access.queries.object("account", { shard: place.shard, no: entry.account });
    // Written by the resource of that type.
    const account = stored === null ? null : (JSON.parse(stored.body) as AccountBody);
    const answer = defaultAnswer(account?.approves_by_default ?? false);
    const resolved = await engine.authorizer.resolve(askedMessageOf(entry), answer);
    if (resolved.outcome === "failed") break;
    if (resolved.outcome === "done") ended++;
  }
  return ended;
}
