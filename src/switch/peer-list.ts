import { BlockList, isIPv4, isIPv6 } from "node:net";
import { type Result, fail, ok } from "../kernel/result.ts";

/** Who may connect. It is asked before a connection can carry a byte. */
export class PeerList {
  readonly #addresses: BlockList;

  private constructor(addresses: BlockList) {
    this.#addresses = addresses;
  }

  /** From addresses ("127.0.0.1") and subnets ("10.1.0.0/16"); the error is the entry that is neither. */
  static parse(peers: readonly string[]): Result<PeerList, string> {
    const addresses = new BlockList();
    for (const peer of peers) {
      const [address = "", prefix] = peer.split("/");
      const family = familyOf(address);
      const bits = prefix === undefined ? null : Number(prefix);
      if (family === null) return fail(peer);
      if (bits === null) addresses.addAddress(address, family);
      else if (Number.isInteger(bits) && bits >= 0 && bits <= (family === "ipv4" ? 32 : 128)) {
        addresses.addSubnet(address, bits, family);
      } else return fail(peer);
    }
    return ok(new PeerList(addresses));
  }

  admits(address: string): boolean {
    // An IPv4 peer of a socket that listens on both families: "::ffff:127.0.0.1".
    const plain = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
    const family = familyOf(plain);
    return family !== null && this.#addresses.check(plain, family);
  }
}

function familyOf(address: string): "ipv4" | "ipv6" | null {
  if (isIPv4(address)) return "ipv4";
  return isIPv6(address) ? "ipv6" : null;
}
