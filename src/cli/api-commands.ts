import type { Command, Option } from "commander";
import { exitCodes } from "./exit-codes.ts";

interface SharedOptions {
  readonly json: Option;
  readonly url: Option;
}

type Flags = Readonly<Record<string, string | undefined>> & { readonly json: boolean };

const usualUrl = "http://127.0.0.1:12120";

/** Commands for who builds on the API. */
export function addApiCommands(program: Command, { json, url }: SharedOptions): void {
  program
    .command("listen")
    .description("forward events to a program under development, signed")
    .requiredOption("--forward-to <url>", "where they go: http://127.0.0.1:3000/webhook")
    .option("--events <list>", "types, with commas (all)")
    .option("--print-secret", "only the secret, and then the events", false)
    .addOption(url)
    .addOption(json)
    .action(async (options: Flags & { readonly printSecret: boolean | undefined }) => {
      const { listen } = await import("./listen.ts");
      const { forwardTo = "", events, printSecret, url: at } = options;
      process.exitCode = await listen({
        forwardTo,
        events,
        printSecret: Boolean(printSecret),
        url: at,
        json: options.json,
      });
    });
  program
    .command("trigger")
    .description("make an event happen, with what has to be there before it")
    .argument("[event]", "issuing_authorization.created")
    .option("--list", "the events that can be triggered", false)
    .option("--key <key>", "of the API", "sk_test_demo")
    .option("--account <account>", "connected account to act for (the platform)")
    .addOption(url)
    .addOption(json)
    .action(async (event: string | undefined, options: Flags & { readonly list: unknown }) => {
      const { trigger } = await import("./trigger.ts");
      const { key = "", account, url: at = usualUrl } = options;
      process.exitCode = await trigger({
        event,
        list: options.list === true,
        key,
        account,
        url: at,
        json: options.json,
      });
    });
  program
    .command("reset")
    .description("an empty data set in a new epoch, seeded again; keys and links stay")
    .addOption(url)
    .addOption(json)
    .action(async ({ url: at, json: isJson }: Flags) => {
      const { askAdmin } = await import("./admin-client.ts");
      const { complain, print } = await import("./output.ts");
      const reply = await askAdmin<object>({ url: at }, "/_admin/reset", {});
      if (reply.ok) print(isJson, reply.value.body, "reset");
      process.exitCode = reply.ok ? exitCodes.ok : complain(reply.error.message, reply.error.exitCode);
    });
  program
    .command("deliveries")
    .description("what became of events that went to webhook endpoints, newest first")
    .addOption(url)
    .addOption(json)
    .action(async ({ url: at, json: isJson }: Flags) => {
      const { deliveries } = await import("./deliveries.ts");
      process.exitCode = await deliveries({ url: at, json: isJson });
    });
}
