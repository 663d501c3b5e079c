import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Ranges that no endpoint of the outside lives in. */
const privateRanges = [
  ["0.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.0.0.0", 24, "ipv4"],
  ["192.0.2.0", 24, "ipv4"],
  ["192.88.99.0", 24, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["198.18.0.0", 15, "ipv4"],
  ["198.51.100.0", 24, "ipv4"],
  ["203.0.113.0", 24, "ipv4"],
  ["224.0.0.0", 4, "ipv4"],
  ["240.0.0.0", 4, "ipv4"],
  ["::", 128, "ipv6"],
  ["100::", 64, "ipv6"],
  ["2001::", 23, "ipv6"],
  ["2001:db8::", 32, "ipv6"],
  ["2002::", 16, "ipv6"],
  ["fc00::", 7, "ipv6"],
  ["fe80::", 10, "ipv6"],
  ["fec0::", 10, "ipv6"],
  ["ff00::", 8, "ipv6"],
] as const;

const privateList = new BlockList();
for (const [network, bits, family] of privateRanges) privateList.addSubnet(network, bits, family);
const loopbackList = new BlockList();
loopbackList.addSubnet("127.0.0.0", 8, "ipv4");
loopbackList.addAddress("::1", "ipv6");
/** An IPv4 address in other clothes: v4-mapped, v4-compatible, NAT64. Its last 32 bits are what is reached. */
const wrapped = new BlockList();
wrapped.addSubnet("::ffff:0:0", 96, "ipv6");
wrapped.addSubnet("::", 96, "ipv6");
wrapped.addSubnet("64:ff9b::", 96, "ipv6");

export type Reach = "public" | "private" | "loopback";

/** How far an address reaches. What is no address counts as private. */
export function reachOf(address: string): Reach {
  if (isIPv4(address)) return reachIn(address, "ipv4");
  if (!isIPv6(address)) return "private";
  if (address.includes("%")) return "private";
  if (loopbackList.check(address, "ipv6")) return "loopback";
  if (wrapped.check(address, "ipv6")) return reachIn(lastIpv4(address), "ipv4");
  return reachIn(address, "ipv6");
}

function reachIn(address: string, family: "ipv4" | "ipv6"): Reach {
  if (loopbackList.check(address, family)) return "loopback";
  return privateList.check(address, family) ? "private" : "public";
}

// The URL parser writes every IPv6 address in its shortest form, in groups of hex.
function lastIpv4(address: string): string {
  const dotted = address.slice(address.lastIndexOf(":") + 1);
  if (dotted.includes(".")) return dotted;
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1).split("::");
  const tail = (groups[1] ?? groups[0] ?? "")
    .split(":")
    .slice(-2)
    .map((group) => Number.parseInt(group || "0", 16));
  const [high, low] = tail.length === 2 ? tail : [0, tail[0]];
  const bits = (high ?? 0) * 65_536 + (low ?? 0);
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join(".");
}
