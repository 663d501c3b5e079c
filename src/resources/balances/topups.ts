import type { Place } from "../../kernel/ids.ts";
import type { Minor } from "../../kernel/money.ts";
import { fields } from "../../store/keys.ts";
import { type Program, commitChange } from "../program.ts";

/** Money paid into an account's issuing balance. */
export interface TopupBody {
  readonly object: "topup";
  readonly account: number;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly status: "succeeded";
  readonly created: number;
}

/** Adds to what an account has available; returns the top-up's place. */
export async function topUp(
  program: Program,
  account: Place,
  funds: { readonly amount: Minor; readonly currency: { readonly code: string; readonly number: number } },
): Promise<Place> {
  const no = await program.numbers.next("topup", account.shard);
  const body: TopupBody = {
    object: "topup",
    account: account.no,
    amount: Number(funds.amount),
    currency: funds.currency.code,
    status: "succeeded",
    created: Math.floor(program.clock.businessNow() / 1000),
  };
  const key = program.committer.keyspace.account(account.shard, account.no);
  await commitChange(program, {
    shard: account.shard,
    account: account.no,
    objectType: "topup",
    objectNo: no,
    version: 1,
    body,
    currency: funds.currency.number,
    accountVersion: 0,
    steps: [
      { do: "expect", key, field: fields.accountStatic, version: await accountVersion(program, account) },
      { do: "move", amount: funds.amount },
    ],
  });
  return { shard: account.shard, no };
}

async function accountVersion(program: Program, account: Place): Promise<number> {
  const stored = await program.reader.read("account", account);
  return stored?.version ?? 0;
}
