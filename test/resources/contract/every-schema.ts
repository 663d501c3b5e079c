import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ParamsSchema } from "../../../specs/api/schema.ts";

/** The parameters of every operation, by the name of the schema. */
export async function everySchema(): Promise<ReadonlyMap<string, ParamsSchema>> {
  const folder = new URL("../../../specs/api/", import.meta.url);
  const names = readdirSync(fileURLToPath(folder)).filter((name) => name.endsWith(".js"));
  const schemas = new Map<string, ParamsSchema>();
  for (const name of names) {
    const module: Readonly<Record<string, unknown>> = await import(new URL(name, folder).href);
    for (const [key, value] of Object.entries(module)) if (isParams(key, value)) schemas.set(key, value);
  }
  return schemas;
}

function isParams(name: string, value: unknown): value is ParamsSchema {
  return name.endsWith("Params") && typeof value === "object" && value !== null && "properties" in value;
}
