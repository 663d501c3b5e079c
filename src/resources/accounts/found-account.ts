import { must } from "../../kernel/assert.ts";
import type { Call, Found } from "../call.ts";
import type { AccountBody } from "./accounts.ts";

/** The account that the path of a request names: the caller's own, or any for the platform. */
export function foundAccount<Params>(call: Call<Params>, name = "id"): Found<AccountBody> {
  return call.find<AccountBody>("acct", must(call.path[name], "the path names an account"), name);
}

/** The shard of the account in the path. */
export function shardInPath<Params>(call: Call<Params>): number {
  const id = call.path["account_id"] ?? call.path["id"] ?? "";
  const place = call.ids.decode("acct", id);
  const { shardCount } = call.program.committer.keyspace;
  return place === null || place.shard >= shardCount ? call.account.place.shard : place.shard;
}
