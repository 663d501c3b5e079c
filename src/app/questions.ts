import type { AskPlatform } from "../authorizer/ask-platform.ts";
import { type AskAnswer, askedMessageOf } from "../authorizer/resolve.ts";
import type { Place } from "../kernel/ids.ts";
import type { Log } from "../log.ts";
import type { AuthorizationEntry } from "../store/entry.ts";
import { unpackEntry } from "../store/journal-entry.ts";
import { luaConstants } from "../store/library.ts";
import type { Books } from "./books.ts";

/** Asks the endpoint of a message's program until that wall time; null: it has none. */
export type AskEndpoint = (entry: AuthorizationEntry, deadlineMs: number) => Promise<AskAnswer | null>;

interface Served {
  readonly books: () => Pick<Books, "access" | "engine">;
  readonly askEndpoint: AskEndpoint;
  readonly log: Pick<Log, "info" | "warn">;
}

/**
 * What the platform does with a message that waits: it asks the endpoint and resolves the message itself. Until there are
 * books and an endpoint, nobody can be asked.
 */
export class Questions implements AskPlatform {
  #served: Served | null = null;

  serve(served: Served): void {
    this.#served = served;
  }

  ask(place: Place, deadlineMs: number, done: (isResolved: boolean) => void): void {
    void this.answer(place, deadlineMs).then(done);
  }

  /** True: the message is resolved, by this or by somebody who was faster. False: nobody can be asked. */
  async answer(place: Place, deadlineMs: number): Promise<boolean> {
    if (this.#served === null) return false;
    try {
      return await answerWith(this.#served, place, deadlineMs);
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      this.#served.log.warn({ ...place, cause }, "the endpoint could not be asked about an authorization");
      return false;
    }
  }
}

async function answerWith({ askEndpoint, books, log }: Served, place: Place, deadlineMs: number): Promise<boolean> {
  const { access, engine } = books();
  await access.caughtUp(place.shard);
  const bytes = access.queries.entryBytes(place);
  const entry = bytes === null ? null : unpackEntry(place.shard, place.no, bytes);
  if (entry?.kind !== "authorization" || entry.outcome !== luaConstants.PENDING) return false;
  const answer = await askEndpoint(entry, deadlineMs);
  if (answer === null) return false;
  const resolved = await engine.authorizer.resolve(askedMessageOf(entry), answer);
  // rules: Real-time endpoint. A late answer is logged and changes nothing.
  if (resolved.outcome === "already") log.info({ ...place, reason: answer.reason }, "an endpoint answered too late");
  return resolved.outcome === "done" || resolved.outcome === "already";
}
