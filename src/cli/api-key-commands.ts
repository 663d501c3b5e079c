import type { Command, Option } from "commander";
import type { ApiKeyFlags } from "./api-keys.ts";

/** `cardswitch keys api …`: keys of the API of a running switch. */
export function addApiKeys(keys: Command, options: { readonly json: Option; readonly url: Option }): void {
  const api = keys.command("api").description("keys of the API of a running switch");
  api
    .command("create")
    .description("make a key; it is told only now")
    .requiredOption("--name <name>", "what the key is for")
    .option("--scope <resource:level...>", "what a restricted key may: issuing_cards:read (none, read or write)")
    .addOption(options.url)
    .addOption(options.json)
    .action(async (flags: ApiKeyFlags & { name: string; scope?: string[] }) => {
      const { createKey } = await import("./api-keys.ts");
      process.exitCode = await createKey(flags.name, flags.scope ?? [], flags);
    });
  api
    .command("list")
    .description("the keys there are, without the keys themselves")
    .addOption(options.url)
    .addOption(options.json)
    .action(async (flags: ApiKeyFlags) => {
      const { listKeys } = await import("./api-keys.ts");
      process.exitCode = await listKeys(flags);
    });
  api
    .command("roll <id>")
    .description("another key in the place of this one, which opens nothing any more")
    .addOption(options.url)
    .addOption(options.json)
    .action(async (id: string, flags: ApiKeyFlags) => {
      const { rollKey } = await import("./api-keys.ts");
      process.exitCode = await rollKey(id, flags);
    });
  api
    .command("revoke <id>")
    .description("the key opens nothing any more")
    .addOption(options.url)
    .addOption(options.json)
    .action(async (id: string, flags: ApiKeyFlags) => {
      const { revokeKey } = await import("./api-keys.ts");
      process.exitCode = await revokeKey(id, flags);
    });
}
