import { type AskPlatform, nobodyToAsk } from "../authorizer/ask-platform.ts";
import { type Authorizer, createAuthorizer } from "../authorizer/authorizer.ts";
import { DoubtfulMessages } from "../authorizer/doubtful.ts";
import { CardViews } from "../authorizer/card-views.ts";
import { MerchantDictionary } from "../authorizer/merchant-dictionary.ts";
import { ProgramTables } from "../authorizer/program-tables.ts";
import { RangeTable } from "../authorizer/range-table.ts";
import { Verifier } from "../authorizer/verification.ts";
import { CardCodes } from "../hsm/card-codes.ts";
import { KeyStore } from "../hsm/key-store.ts";
import { PanVault } from "../hsm/pan-vault.ts";
import type { Clock } from "../kernel/clock.ts";
import { IdCodec } from "../kernel/ids.ts";
import type { Random } from "../kernel/random.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import type { Committer } from "../store/commit.ts";
import { HotClient } from "../store/hot-client.ts";
import type { HotAddress, HotLimits } from "../store/hot-connection.ts";
import { Keyspace } from "../store/keys.ts";
import { type LuaLibrary, assembleLibrary, readLuaSources } from "../store/library.ts";
import type { KeyMaterial } from "./key-file.ts";

export interface EngineOptions {
  readonly address: HotAddress;
  readonly password?: string | null;
  readonly namespace: string;
  readonly shardCount: number;
  readonly keys: KeyMaterial;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: EngineLimits;
  readonly hotLimits?: HotLimits;
  /** Default: the Lua files beside src/store. */
  readonly library?: LuaLibrary;
  /** Default: nobody can be asked. */
  readonly ask?: AskPlatform;
}

export interface EngineLimits {
  readonly cardViewsMax: number;
  readonly merchantsMax: number;
  readonly reversalTimeoutMs: number;
  readonly commitTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly exceptionKeepMs: number;
}

export const defaultEngineLimits: EngineLimits = {
  cardViewsMax: 200_000,
  merchantsMax: 100_000,
  reversalTimeoutMs: 30_000,
  commitTimeoutMs: 10_000,
  connectTimeoutMs: 10_000,
  exceptionKeepMs: 86_400_000,
};

/** Everything between a canonical request and Redis. Each process that decides or writes has one. */
export interface Engine {
  readonly hot: HotClient;
  readonly keyspace: Keyspace;
  readonly vault: PanVault;
  readonly cardCodes: CardCodes;
  readonly ids: IdCodec;
  readonly tables: ProgramTables;
  readonly ranges: RangeTable;
  readonly views: CardViews;
  readonly authorizer: Authorizer;
  readonly committer: Committer;
  close(): void;
}

export interface EngineError {
  readonly code: "redis_unreachable";
  readonly message: string;
}

/** Connects, loads the functions and reads the range table. */
export async function openEngine(options: EngineOptions): Promise<Result<Engine, EngineError>> {
  const { clock, limits, random } = options;
  const now = (): number => clock.monotonicNow();
  const keyspace = new Keyspace(options.namespace, options.shardCount);
  const hot = new HotClient({
    address: options.address,
    password: options.password ?? null,
    library: options.library ?? assembleLibrary(readLuaSources()),
    ...(options.hotLimits === undefined ? {} : { limits: options.hotLimits }),
    now,
  });
  const failure = await hot.start(limits.connectTimeoutMs);
  if (failure !== null) {
    hot.close();
    return fail({ code: "redis_unreachable", message: failure });
  }
  const vault = new PanVault(options.keys.vaultKeys);
  const cardKeys = new KeyStore(options.keys.cardKeys);
  const tables = new ProgramTables();
  const ranges = new RangeTable({ hot, keyspace });
  const decimalsOf = (currency: number): number => tables.decimalsOf(currency);
  const views = new CardViews({ hot, keyspace, vault, ranges, cardViewsMax: limits.cardViewsMax, decimalsOf });
  await new Promise<void>((resolve) => {
    ranges.refresh(now() + limits.connectTimeoutMs, () => resolve());
    hot.flush();
  });
  const committer = { hot, keyspace, now, timeoutMs: limits.commitTimeoutMs };
  const authorizer = createAuthorizer({
    hot,
    keyspace,
    views,
    tables,
    verifier: new Verifier(cardKeys),
    merchants: new MerchantDictionary(limits.merchantsMax),
    doubtful: new DoubtfulMessages(),
    random,
    clock,
    reversalTimeoutMs: limits.reversalTimeoutMs,
    exceptionKeepMs: limits.exceptionKeepMs,
    committer,
    ask: options.ask ?? nobodyToAsk,
  });
  return ok({
    hot,
    keyspace,
    vault,
    cardCodes: new CardCodes(cardKeys),
    ids: new IdCodec(options.keys.idKey),
    tables,
    ranges,
    views,
    authorizer,
    committer,
    close: () => hot.close(),
  });
}
