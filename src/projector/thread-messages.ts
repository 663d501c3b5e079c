import type { HoldExpiryProfile } from "../../specs/hold-expiry.ts";
import type { CounterKey } from "../records/rows.ts";
import type { ColdClientOptions } from "../store/client.ts";
import type { Retention } from "../store/purge.ts";
import type { ProjectorError } from "./projector-error.ts";
import type { ToldEntries } from "./told-entries.ts";

export interface ProjectorLimits {
  /** Entries of a transaction, over all shards. */
  readonly batchEntriesMax: number;
  readonly batchBytesMax: number;
  /** Pause after a round that found less than `quietEntriesMax`, unless somebody waits. */
  readonly pauseMs: number;
  readonly quietEntriesMax: number;
  /** Entries of a shard that may lie in Redis though they are recorded, while work goes on. */
  readonly untrimmedMax: number;
  /** A chain whose purge was begun but never settled is taken again after this. */
  readonly leaseMs: number;
}

/** What the thread is started with. */
export interface ThreadSettings {
  readonly redis: ColdClientOptions;
  readonly namespace: string;
  readonly shardCount: number;
  readonly recordsPath: string;
  readonly dataSetId: string | null;
  readonly isDurable: boolean;
  readonly retention: Retention;
  readonly holdExpiry: HoldExpiryProfile;
  readonly limits: ProjectorLimits;
}

export interface DuePurge {
  readonly shard: number;
  readonly chain: number;
}

export interface SettledPurge extends DuePurge {
  /** When the chain is to be looked at next; null: nothing on it waits to be forgotten. */
  readonly nextDueWallMs: number | null;
}

export type ThreadRequest =
  | { readonly kind: "hurry" }
  | { readonly kind: "last_numbers"; readonly request: number }
  | { readonly kind: "take_due"; readonly request: number; readonly wallNowMs: number; readonly chainsMax: number }
  | { readonly kind: "settle_due"; readonly request: number; readonly settled: readonly SettledPurge[] }
  | { readonly kind: "settle_counter"; readonly request: number; readonly counter: CounterKey }
  | { readonly kind: "close" };

export type ThreadReport =
  | {
      /** What was read of the journals and is not recorded yet, for those who wait for it. */
      readonly kind: "read";
      readonly told: ToldEntries;
    }
  | {
      readonly kind: "passed";
      /** Of every shard: the last recorded number, and one behind which no commit was recorded. */
      readonly passed: readonly number[];
      readonly committed: readonly number[];
      /** What was recorded, for those who wait for it; null: nobody does, or it is too much. */
      readonly told: ToldEntries | null;
    }
  | { readonly kind: "stopped"; readonly error: ProjectorError }
  | { readonly kind: "waiting"; readonly cause: string }
  | { readonly kind: "last_numbers"; readonly request: number; readonly numbers: readonly number[] | null }
  | { readonly kind: "due"; readonly request: number; readonly due: readonly DuePurge[] }
  | { readonly kind: "settled"; readonly request: number };
