import { decisionTable } from "../../specs/decision-table.ts";
import { pinTriesMax } from "../../specs/limits.ts";
import { readDetails } from "../ledger/entry-details.ts";
import type { AuthorizationEntry, CommitEntry, FinancialEntry, JournalEntry } from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import type { RedisShard } from "./redis-shard.ts";
import type { ShardFindings } from "./violations.ts";

const ranks: ReadonlyMap<number, number> = new Map(
  Object.values(decisionTable).map(({ number, rank }) => [number, rank]),
);

/** Failed tries of each card's PIN, from the entries that tell of one: Redis has to have counted the same. */
export class PinTries {
  readonly #findings: ShardFindings;
  readonly #redis: RedisShard;
  /** By chain and card. */
  readonly #failed = new Map<string, number>();
  /** How often each card's PIN was unlocked. */
  readonly #resets = new Map<string, number>();

  constructor(parts: { findings: ShardFindings; redis: RedisShard }) {
    this.#findings = parts.findings;
    this.#redis = parts.redis;
  }

  apply(entry: JournalEntry): void {
    if (entry.kind === "commit" && entry.objectType === "card") this.#unlock(entry);
    if (entry.kind !== "authorization" && entry.kind !== "financial") return;
    const { pin_check: check } = readDetails(entry.details);
    if (check === undefined || !isCounted(entry)) return;
    const key = `${entry.chain} ${entry.card}`;
    const failed = this.#failed.get(key) ?? 0;
    if (failed < pinTriesMax) this.#failed.set(key, check === "match" ? 0 : failed + 1);
  }

  #unlock({ objectNo, body }: CommitEntry): void {
    const { chain, pin_resets: resets = 0 } = JSON.parse(body) as { chain: number; pin_resets?: number };
    const key = `${chain} ${objectNo}`;
    if (resets > (this.#resets.get(key) ?? 0)) this.#failed.set(key, 0);
    this.#resets.set(key, resets);
  }

  finish(): void {
    const found = new Map<string, number>();
    for (const [chain, { pinTries }] of this.#redis.chains) {
      for (const [card, failed] of pinTries) found.set(`${chain} ${card}`, failed);
    }
    for (const key of new Set([...this.#failed.keys(), ...found.keys()])) {
      const entity = `failed PINs of card ${this.#findings.name("ic", Number(key.slice(key.indexOf(" ") + 1)))}`;
      const [expected, there] = [this.#failed.get(key) ?? 0, found.get(key) ?? 0];
      this.#findings.compare("counter", "I6", { entity, expected, found: there });
    }
  }
}

/** Nothing in front of the PIN has declined it, and it stood in a request that asks for money or about the account. */
function isCounted(entry: AuthorizationEntry | FinancialEntry): boolean {
  if (entry.outcome === luaConstants.REVERSED_BEFORE) return false;
  if (entry.purpose === luaConstants.PURPOSE_INCREMENT || entry.purpose === luaConstants.PURPOSE_REFUND) return false;
  return entry.reason === 0 || (ranks.get(entry.reason) ?? 0) >= decisionTable.pin_blocked.rank;
}
