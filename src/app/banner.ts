import type { Config } from "../config.ts";
import type { DataSet } from "./data-set.ts";

export interface BannerParts {
  readonly config: Config;
  readonly dataSet: Pick<DataSet, "id" | "dir" | "keyFile" | "isNew" | "isTemporary" | "shardCount">;
  /** What Redis it is, and where. */
  readonly redis: string;
  readonly adminUrl: string;
  /** A key of the API that is told only now; null: it was told before. */
  readonly newKey: string | null;
  readonly ports: Readonly<Record<string, number>>;
}

const promises = {
  always: "nothing acknowledged is lost in a power cut",
  relaxed: "up to two seconds may be lost in a power cut",
  volatile: "nothing is kept",
} as const;

/** What was chosen and where it listens: the first thing that a person sees. */
export function renderBanner({ config, dataSet, redis, adminUrl, newKey, ports }: BannerParts): string {
  const age = dataSet.isNew ? "new" : "as it was left";
  const stay = dataSet.isTemporary ? ", goes at the end" : "";
  const rows: [string, string][] = [
    ["redis", redis],
    ["durability", `${config.durability}: ${promises[config.durability]}`],
    ["data set", `${dataSet.id}, ${dataSet.shardCount} shards, in ${dataSet.dir} (${age}${stay})`],
    ["keys", dataSet.keyFile],
    ["http", `${adminUrl}  (/v1, /readyz, /metrics, /_admin)`],
    ["api key", newKey ?? "as it was told at the first start; cardswitch keys api create makes another"],
    ...config.links.map((link): [string, string] => {
      const { endpoint, framing, name, signOn } = link;
      const way = endpoint.kind === "listen" ? "" : "connects to ";
      return [name, `${way}${endpoint.host}:${ports[name] ?? endpoint.port}  (${framing}, sign-on ${signOn})`];
    }),
  ];
  return rows.map(([name, text]) => `  ${name.padEnd(17)}${text}\n`).join("");
}
