import { readFileSync } from "node:fs";
import { type SecureContextOptions, createSecureContext } from "node:tls";
import type { LinkSpec } from "../../specs/links.ts";
import { type Result, fail, ok } from "../kernel/result.ts";

/** The PEM texts of a link's TLS. */
export interface Credentials {
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

/** Reads what a link's TLS is made of; null: it speaks in clear. The error is a line that names the file or the cause. */
export function readCredentials({ tls, endpoint }: LinkSpec): Result<Credentials | null, string> {
  if (tls === null) return ok(null);
  const { certificateFile, keyFile, authorityFile } = tls;
  if ((certificateFile === null) !== (keyFile === null)) return fail("a certificate and its key belong together");
  if (endpoint.kind === "listen" && certificateFile === null) return fail("TLS needs a certificate where we listen");
  const credentials: { cert?: string; key?: string; ca?: string } = {};
  for (const [name, file] of [
    ["cert", certificateFile],
    ["key", keyFile],
    ["ca", authorityFile],
  ] as const) {
    if (file === null) continue;
    const text = readText(file);
    if (!text.ok) return text;
    credentials[name] = text.value;
  }
  return usable(credentials);
}

function readText(file: string): Result<string, string> {
  try {
    return ok(readFileSync(file, "utf8"));
  } catch (error) {
    return fail(`${file} cannot be read for TLS: ${error instanceof Error ? error.message : String(error)}`);
  }
}

// Found out when the link is opened, and not at the first handshake.
function usable(credentials: Credentials & SecureContextOptions): Result<Credentials, string> {
  try {
    createSecureContext(credentials);
    return ok(credentials);
  } catch (error) {
    return fail(`the TLS certificate or key is unfit: ${error instanceof Error ? error.message : String(error)}`);
  }
}
