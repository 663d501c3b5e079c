import type { ApiKeyView, NewApiKeyView } from "../app/api-key-routes.ts";
import { askAdmin } from "./admin-client.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

export interface ApiKeyFlags {
  readonly url: string | undefined;
  readonly json: boolean;
}

/** `cardswitch keys api create`: the key is told now and never again. */
export async function createKey(
  name: string,
  scopes: readonly string[],
  { url, json }: ApiKeyFlags,
): Promise<ExitCode> {
  const allowed = scopesOf(scopes);
  if (allowed === null)
    return complain("--scope is written resource:none, resource:read or resource:write", exitCodes.usage);
  const body = scopes.length === 0 ? { name } : { name, scopes: allowed };
  const reply = await askAdmin<NewApiKeyView>({ url }, "/_admin/api-keys", body);
  if (!reply.ok) return complain(reply.error.message, reply.error.exitCode);
  print(json, reply.value.body, `${reply.value.body.secret}\n  ${lineOf(reply.value.body)}`);
  return exitCodes.ok;
}

/** `cardswitch keys api list`: what they are called and may do, the newest first. */
export async function listKeys({ url, json }: ApiKeyFlags): Promise<ExitCode> {
  const reply = await askAdmin<{ keys: readonly ApiKeyView[] }>({ url }, "/_admin/api-keys");
  if (!reply.ok) return complain(reply.error.message, reply.error.exitCode);
  const { keys } = reply.value.body;
  print(json, reply.value.body, keys.length === 0 ? "no keys" : keys.map(lineOf).join("\n"));
  return exitCodes.ok;
}

/** `cardswitch keys api roll`: another key in the place of this one. */
export async function rollKey(id: string, { url, json }: ApiKeyFlags): Promise<ExitCode> {
  const reply = await askAdmin<NewApiKeyView>({ url }, `/_admin/api-keys/roll/${encodeURIComponent(id)}`, {});
  if (!reply.ok) return complain(reply.error.message, reply.error.exitCode);
  print(json, reply.value.body, `${reply.value.body.secret}\n  ${lineOf(reply.value.body)}`);
  return exitCodes.ok;
}

/** `cardswitch keys api revoke`: from now on it opens nothing. */
export async function revokeKey(id: string, { url, json }: ApiKeyFlags): Promise<ExitCode> {
  const reply = await askAdmin<ApiKeyView>({ url }, `/_admin/api-keys/revoke/${encodeURIComponent(id)}`, {});
  if (!reply.ok) return complain(reply.error.message, reply.error.exitCode);
  print(json, reply.value.body, lineOf(reply.value.body));
  return exitCodes.ok;
}

function lineOf({ created, id, name, redacted, scopes, status }: ApiKeyView): string {
  const may = scopes === null ? "everything" : Object.entries(scopes).map(([name, level]) => `${name}:${level}`);
  return `${id} ${redacted} "${name}" ${status}, made ${created}, may ${typeof may === "string" ? may : may.join(", ") || "nothing"}`;
}

function scopesOf(texts: readonly string[]): Record<string, string> | null {
  const scopes: Record<string, string> = {};
  for (const text of texts) {
    const [resource = "", level = "", ...rest] = text.split(":");
    if (resource === "" || !["none", "read", "write"].includes(level) || rest.length > 0) return null;
    scopes[resource] = level;
  }
  return scopes;
}
