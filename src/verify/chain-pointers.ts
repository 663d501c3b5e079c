import type { AdviceEntry, AuthorizationEntry, FinancialEntry, JournalEntry } from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import { type RedisShard, printable } from "./redis-shard.ts";
import type { MoneyChange, ReplayedMoney } from "./replayed-money.ts";
import { latin1 } from "./stored-answers.ts";
import type { ShardFindings } from "./violations.ts";

interface Chain {
  /** The first that was named, or the last that was named anew: as long as Redis knows it, it is what the id names. */
  leader: ReplayedMoney;
  /** Named after it where Redis had forgotten the leader. */
  readonly later: ReplayedMoney[];
}

/** What the networks' ids of chains name in Redis. Those go with the hold or the posting that they name. */
export class ChainPointers {
  readonly #findings: ShardFindings;
  readonly #redis: RedisShard;
  readonly #chains = new Map<string, Chain | null>();

  constructor(parts: { findings: ShardFindings; redis: RedisShard }) {
    this.#findings = parts.findings;
    this.#redis = parts.redis;
    // Only ids that Redis still knows, or could know, are followed.
    for (const [chain, { pointers }] of parts.redis.chains) {
      for (const key of pointers.keys()) this.#chains.set(`${chain} ${key}`, null);
    }
    for (const answers of parts.redis.answers.values()) {
      for (const { chain, packed } of answers) {
        if (packed.kind !== "message") this.#chains.set(`${chain} ${latin1(packed.chainKey)}`, null);
      }
    }
  }

  apply(entry: JournalEntry, change: MoneyChange | null): void {
    const made = change?.made ?? null;
    if (made === null || !isNaming(entry)) return;
    const name = `${entry.chain} ${latin1(entry.chainKey)}`;
    const chain = this.#chains.get(name);
    if (chain === undefined) return;
    const isRenaming = entry.purpose === luaConstants.PURPOSE_INCREMENT && entry.kind !== "financial";
    if (chain === null || isRenaming) this.#chains.set(name, { leader: made, later: [] });
    else chain.later.push(made);
  }

  finish(): void {
    for (const [name, known] of this.#chains) {
      const at = name.indexOf(" ");
      const [chain, key] = [Number(name.slice(0, at)), name.slice(at + 1)];
      const found = this.#redis.chains.get(chain)?.pointers.get(key);
      const entity = `chain id ${printable(`x${key}`)} of card chain ${this.#findings.name("ic", chain)}`;
      const text = found === undefined ? "names nothing" : named(latin1(found));
      if (known !== null && known.leader.stored !== null) {
        this.#findings.compare("answer", "I5", { entity, expected: named(known.leader.key), found: text });
      } else if (found !== undefined) {
        const candidates = known === null ? [] : [known.leader, ...known.later];
        const isKnown = candidates.some((money) => isNameable(money) && money.key === latin1(found));
        const expected = "a hold or a posting of that chain";
        if (!isKnown) this.#findings.add("answer", "I5", { entity, expected, found: text });
      }
    }
  }
}

// What was dismissed is a plain answer by now, and keeps its name until it is forgotten.
function isNameable({ isDismissed, stored }: ReplayedMoney): boolean {
  return isDismissed || stored !== null;
}

function named(key: string): string {
  return `names ${printable(`m${key}`)}`;
}

/** Makes a hold or a posting that later messages of its chain may find by the network's id. */
function isNaming(entry: JournalEntry): entry is AuthorizationEntry | AdviceEntry | FinancialEntry {
  if (entry.kind === "authorization" || entry.kind === "advice") return entry.networkChain !== "";
  if (entry.kind !== "financial" || entry.networkChain === "") return false;
  return entry.outcome === luaConstants.FORCE_POSTED;
}
