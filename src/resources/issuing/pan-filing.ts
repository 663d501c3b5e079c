import type { Place } from "../../kernel/ids.ts";
import type { Pan } from "../../kernel/pan.ts";
import type { CommitStep } from "../../store/commit.ts";
import { indexPlaceOf } from "../../store/pan-index.ts";
import { readField } from "../../store/read-field.ts";
import { packIndexedChain } from "../../store/statics.ts";
import type { PanKind } from "../pan-blocks.ts";
import { type Program, ProgramError, aside, tryChange } from "../program.ts";

/** The steps that file a PAN; they conflict where it is filed already. */
export function indexStep(
  program: Program,
  pan: Pan,
  indexShard: number,
  chain: { shard: number; account: number; chain: number; cardholder: number },
): CommitStep[] {
  const place = indexPlaceOf(program.vault.indexOf(pan));
  const key = program.committer.keyspace.panIndex(indexShard, place.bucket);
  return [
    { do: "expect", key, field: place.field, version: "absent" },
    { do: "set", key, field: place.field, value: packIndexedChain(chain) },
  ];
}

// Where a PAN is looked up: in the shard of its block, or in shard 0 where it lies in none.
export async function indexShardOf(program: Program, pan: Pan, kind: PanKind): Promise<number> {
  await program.blocks.claim(program, pan, kind);
  return program.blocks.shardOf(pan) ?? 0;
}

export async function isFiled(program: Program, pan: Pan, shard: number): Promise<boolean> {
  for (const index of program.vault.indexesOf(pan)) {
    const place = indexPlaceOf(index);
    const key = program.committer.keyspace.panIndex(shard, place.bucket);
    const read = await readField(program.committer, shard, key, place.field);
    if (read.kind === "failed") throw new ProgramError("store_down", `the PAN index could not be read: ${read.cause}`);
    if (read.value !== null) return true;
  }
  return false;
}

// An imported PAN outside the shard of its card: its index stands where it will be looked for, and names the shard.
export async function fileElsewhere(program: Program, shard: number, card: Place, steps: CommitStep[]): Promise<void> {
  const result = await tryChange(aside(program), {
    shard,
    account: 0,
    objectType: "pan_exception",
    objectNo: await program.numbers.next("pan_exception", shard),
    version: 1,
    body: { object: "pan_exception", shard: card.shard, card: card.no },
    currency: 0,
    accountVersion: 0,
    steps,
  });
  if (result.outcome !== "done") throw new ProgramError("pan_taken", "that PAN already has a card");
}
