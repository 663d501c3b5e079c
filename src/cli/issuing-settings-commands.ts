import type { Command, Option } from "commander";
import type { IssuingSettingsFlags } from "./issuing-settings.ts";

/** `cardswitch settings …`: what Stripe keeps in its dashboard, of an account of a running switch. */
export function addIssuingSettings(program: Command, options: { readonly json: Option; readonly url: Option }): void {
  const settings = program
    .command("settings")
    .description("what Stripe keeps in its dashboard: network, partial approvals, fraud challenges, silent endpoints");
  settings
    .command("get", { isDefault: true })
    .description("the settings of the platform, or of an account")
    .option("--account <account>", "a connected account: acct_… (the platform)")
    .addOption(options.url)
    .addOption(options.json)
    .action(async (flags: IssuingSettingsFlags) => {
      const { getSettings } = await import("./issuing-settings.ts");
      process.exitCode = await getSettings(flags);
    });
  settings
    .command("set")
    .description("change settings, and show all of them")
    .argument("<setting=value...>", "network=mastercard, partial_approvals=true, webhook_timeout_default=approve …")
    .option("--account <account>", "a connected account: acct_… (the platform)")
    .addOption(options.url)
    .addOption(options.json)
    .action(async (wanted: readonly string[], flags: IssuingSettingsFlags) => {
      const { setSettings } = await import("./issuing-settings.ts");
      process.exitCode = await setSettings(wanted, flags);
    });
}
