import { type AccountRange as SpecRange, accountRanges } from "../../specs/account-ranges.ts";
import type { ProgramType } from "../../specs/limits.ts";
import { networks } from "../../specs/networks.ts";
import { must } from "../kernel/assert.ts";
import { type Pan, luhnCheckDigit } from "../kernel/pan.ts";
import { type Program, ProgramError, aside, tryChange } from "./program.ts";

/** A block of PANs with the same first eleven digits: all its cards live in one shard (rules: range table). */
export interface RangeBody {
  readonly object: "range";
  readonly prefix: string;
  readonly shard: number;
  readonly network: number;
  readonly currency: number;
  readonly program: ProgramType;
  /** Positions of the block that have been given out or set aside. */
  readonly reserved: number;
}

export interface BlockState {
  readonly no: number;
  readonly version: number;
  readonly body: RangeBody;
}

export interface PanKind {
  readonly shard: number;
  readonly network: "visa" | "mastercard";
  /** Lower-case code and ISO number of the card currency. */
  readonly currency: { readonly code: string; readonly number: number };
  readonly program: ProgramType;
}

const blockDigits = 11;
/** Positions set aside in one commit; what is not used of them by a restart is lost. */
const reserveSteps = { standard: 500, load: 10_000 } as const satisfies Record<ProgramType, number>;
/** Positions of a block in an order that does not count up: a step coprime to the block's size. */
const stride = 7919;

interface OpenBlock extends BlockState {
  readonly size: number;
  used: number;
}

/** Blocks are allotted on demand, and positions set aside in steps, so that a restart never gives a PAN twice. */
export class PanBlocks {
  readonly #blocks = new Map<string, BlockState>();
  readonly #open = new Map<string, OpenBlock>();
  readonly #reserving = new Map<string, Promise<void>>();
  readonly #claiming = new Map<string, Promise<unknown>>();
  /** Prefixes that are allotted, or just being. */
  readonly #taken = new Set<string>();
  readonly #readKnown: () => Promise<readonly BlockState[]>;
  #known: Promise<void> | null = null;
  #highestNo = 0;

  /** `readKnown` reads the ranges that were committed before, the journal's tail included; asked once, at the first use. */
  constructor(readKnown: () => Promise<readonly BlockState[]>) {
    this.#readKnown = readKnown;
  }

  /** To be awaited before anything else is asked. Rejects where the ranges cannot be read; the next call tries again. */
  known(): Promise<void> {
    this.#known ??= this.#readKnown().then(
      (blocks) => {
        for (const block of blocks) this.#note(block);
      },
      (error: unknown) => {
        this.#known = null;
        throw error;
      },
    );
    return this.#known;
  }

  shardOf(pan: string): number | undefined {
    return this.#blocks.get(pan.slice(0, blockDigits))?.body.shard;
  }

  /** A PAN that no card of this data set has had. */
  async next(program: Program, kind: PanKind): Promise<Pan> {
    const key = `${kind.network} ${kind.currency.number} ${kind.program} ${kind.shard}`;
    await this.known();
    for (;;) {
      const open = this.#open.get(key);
      if (open !== undefined && open.used < open.body.reserved) return panAt(open, open.used++);
      // Of many that ask at once, one sets positions aside and the others wait for it.
      const reserving = this.#reserving.get(key) ?? this.#refill(program, kind, key, open);
      await reserving;
    }
  }

  #refill(program: Program, kind: PanKind, key: string, open: OpenBlock | undefined): Promise<void> {
    const refill = this.#reserve(program, kind, open)
      .then((block) => {
        this.#open.set(key, block);
      })
      .finally(() => this.#reserving.delete(key));
    this.#reserving.set(key, refill);
    return refill;
  }

  /** Sets a whole block aside for PANs that come from elsewhere; blocks that exist stay as they are. */
  async claim(program: Program, pan: string, kind: PanKind): Promise<void> {
    const prefix = pan.slice(0, blockDigits);
    await this.known();
    if (this.#blocks.has(prefix) || !accountRanges.some((range) => pan.startsWith(range.prefix))) return;
    const claiming = this.#claiming.get(prefix) ?? this.#claimBlock(program, prefix, kind);
    await claiming;
  }

  #claimBlock(program: Program, prefix: string, kind: PanKind): Promise<unknown> {
    const claim = this.#add(program, prefix, kind, Number.MAX_SAFE_INTEGER).finally(() =>
      this.#claiming.delete(prefix),
    );
    this.#claiming.set(prefix, claim);
    return claim;
  }

  async #reserve(program: Program, kind: PanKind, open: OpenBlock | undefined): Promise<OpenBlock> {
    const range = rangeFor(kind);
    const size = 10 ** (range.panDigits - blockDigits - 1);
    const usable = open ?? this.#unfinished(range, kind, size);
    if (usable !== undefined && usable.body.reserved < size) {
      const body = { ...usable.body, reserved: Math.min(usable.body.reserved + reserveSteps[kind.program], size) };
      const block = { no: usable.no, version: usable.version + 1, body };
      await this.#write(program, block, usable.version);
      return { ...block, size, used: usable.body.reserved };
    }
    for (let candidate = 0; candidate < 10 ** (blockDigits - range.prefix.length); candidate++) {
      const prefix = `${range.prefix}${String(candidate).padStart(blockDigits - range.prefix.length, "0")}`;
      if (this.#taken.has(prefix)) continue;
      const block = await this.#add(program, prefix, kind, Math.min(reserveSteps[kind.program], size));
      if (block !== null) return { ...block, size, used: 0 };
    }
    throw new ProgramError("pan_taken", `no PANs are left in ${range.prefix}`);
  }

  #unfinished(range: SpecRange, kind: PanKind, size: number): BlockState | undefined {
    return [...this.#blocks.values()].find(
      ({ body }) => body.prefix.startsWith(range.prefix) && body.shard === kind.shard && body.reserved < size,
    );
  }

  async #add(program: Program, prefix: string, kind: PanKind, reserved: number): Promise<BlockState | null> {
    const body: RangeBody = {
      object: "range",
      prefix,
      shard: kind.shard,
      network: networks[kind.network],
      currency: kind.currency.number,
      program: kind.program,
      reserved,
    };
    this.#taken.add(prefix);
    const block = { no: ++this.#highestNo, version: 1, body };
    await this.#write(program, block, "absent");
    return block;
  }

  async #write(program: Program, block: BlockState, before: number | "absent"): Promise<void> {
    const key = program.committer.keyspace.ranges();
    const { prefix, shard, network, currency } = block.body;
    const value = JSON.stringify({ prefix, shard, network, currency, no: block.no });
    const isNew = before === "absent";
    const result = await tryChange(aside(program), {
      shard: 0,
      account: 0,
      objectType: "range",
      objectNo: block.no,
      version: block.version,
      body: block.body,
      currency: 0,
      accountVersion: 0,
      steps: isNew
        ? [
            { do: "expect", key, field: prefix, version: "absent" },
            { do: "set", key, field: prefix, value },
          ]
        : [],
    });
    if (result.outcome !== "done") throw new ProgramError("conflict", `the PAN block ${prefix} could not be set aside`);
    this.#note(block);
  }

  #note(block: BlockState): void {
    this.#blocks.set(block.body.prefix, block);
    this.#taken.add(block.body.prefix);
    this.#highestNo = Math.max(this.#highestNo, block.no);
  }
}

function panAt(block: OpenBlock, used: number): Pan {
  const position = (used * stride) % block.size;
  const digits = String(block.size - 1).length;
  const body = `${block.body.prefix}${String(position).padStart(digits, "0")}`;
  return `${body}${luhnCheckDigit(body)}` as Pan;
}

function rangeFor(kind: PanKind): SpecRange {
  return must(
    accountRanges.find(
      (range) =>
        range.network === kind.network && range.currency === kind.currency.code && range.program === kind.program,
    ),
    `no account range for ${kind.network} ${kind.currency.code} ${kind.program}`,
  );
}
