import { createHmac } from "node:crypto";
import type { Place } from "../kernel/ids.ts";

/** What signs the letters to an endpoint. It follows from a secret of the data set, so that nobody has to keep it. */
export function endpointSecret(hashKey: Uint8Array, { shard, no }: Place): string {
  const digest = createHmac("sha256", hashKey).update(`webhook endpoint ${shard}/${no}`).digest("hex");
  return `whsec_${digest.slice(0, 32)}`;
}
