import { isIP } from "node:net";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type Reach, reachOf } from "./addresses.ts";

/** Where this installation may call. */
export interface DestinationPolicy {
  /** Endpoints on this machine, by http as well and on any port: how everybody develops. */
  readonly allowsLoopback: boolean;
  readonly allowsPrivate: boolean;
}

const urlCharsMax = 2_048;
const wellKnownPortMax = 1_023;

/** A URL that may be called as far as its text tells; what its name resolves to is judged when it is. The failure is a sentence. */
export function readDestination(text: string, policy: DestinationPolicy): Result<URL, string> {
  if (text.length > urlCharsMax) return fail(`the URL has more than ${urlCharsMax} characters`);
  if (!URL.canParse(text)) return fail("this is no URL");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return fail("a URL begins with https:// or http://");
  if (url.username !== "" || url.password !== "") return fail("a URL carries no user and no password");
  const host = hostOf(url);
  const reach = literalReach(host);
  if (reach === "loopback" && !policy.allowsLoopback) return fail("an endpoint on this machine is not allowed here");
  if (reach === "private" && !policy.allowsPrivate) return fail("an endpoint in a private network is not allowed here");
  const isHome = (reach === "loopback" && policy.allowsLoopback) || policy.allowsPrivate;
  if (isHome) return ok(url);
  if (url.protocol === "http:" && !policy.allowsLoopback) return fail("an endpoint outside needs https");
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  if (port <= wellKnownPortMax && port !== 443 && !(port === 80 && policy.allowsLoopback)) {
    return fail(`port ${port} belongs to another service`);
  }
  return ok(url);
}

/** Whether an address that a name resolved to may be connected to. */
export function isReachable(address: string, policy: DestinationPolicy): boolean {
  const reach = reachOf(address);
  return reach === "public" || (reach === "loopback" && policy.allowsLoopback) || policy.allowsPrivate;
}

/** The host without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
}

// A name may resolve to anything; those of this machine are known beforehand.
function literalReach(host: string): Reach {
  if (isIP(host) !== 0) return reachOf(host);
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  return name === "localhost" || name.endsWith(".localhost") ? "loopback" : "public";
}
