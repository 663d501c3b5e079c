import type { IssuingSettings } from "../app/issuing-settings-routes.ts";
import { askAdmin } from "./admin-client.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

export interface IssuingSettingsFlags {
  /** acct_…; the platform where none is named. */
  readonly account?: string;
  readonly url?: string;
  readonly json: boolean;
}

const path = "/_admin/issuing_settings";

/** `cardswitch settings get`: a line a setting. */
export async function getSettings({ account, url, json }: IssuingSettingsFlags): Promise<ExitCode> {
  const query = account === undefined ? "" : `?account=${encodeURIComponent(account)}`;
  return show({ url, json, path: `${path}${query}`, wanted: undefined });
}

/** `cardswitch settings set`: each as name=value; what is no setting is refused by the switch, and nothing is changed. */
export async function setSettings(
  pairs: readonly string[],
  { account, url, json }: IssuingSettingsFlags,
): Promise<ExitCode> {
  const wanted = new Map<string, string | number | boolean>();
  for (const pair of pairs) {
    const end = pair.indexOf("=");
    if (end < 1) return complain(`"${pair}" is no setting=value`, exitCodes.usage);
    const name = pair.slice(0, end);
    // The route takes the account beside the settings, and here it has a flag of its own.
    if (name === "account") return complain("an account is named with --account", exitCodes.usage);
    if (wanted.has(name)) return complain(`"${name}" is set twice`, exitCodes.usage);
    wanted.set(name, valueOf(pair.slice(end + 1)));
  }
  if (account !== undefined) wanted.set("account", account);
  return show({ url, json, path, wanted: Object.fromEntries(wanted) });
}

function valueOf(text: string): string | number | boolean {
  if (text === "true") return true;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return text === "false" ? false : text;
}

interface Question {
  readonly url: string | undefined;
  readonly json: boolean;
  readonly path: string;
  readonly wanted: object | undefined;
}

async function show({ url, json, path: asked, wanted }: Question): Promise<ExitCode> {
  const reply = await askAdmin<IssuingSettings>({ url }, asked, wanted);
  if (!reply.ok) return complain(reply.error.message, reply.error.exitCode);
  const lines = Object.entries(reply.value.body).map(([name, value]) => `${name}=${value}`);
  print(json, reply.value.body, lines.join("\n"));
  return exitCodes.ok;
}
