import type { MessageIdentity } from "./request.ts";

/** How a message that came by the API is named: what a network's message says of itself in DE11, 32, 37 and DE62. */
export type ApiIdentity = Pick<
  MessageIdentity,
  "stan" | "acquirer" | "rrn" | "networkChain" | "localTime" | "localDate"
>;

/**
 * Sixteen bytes that name a request of the API, as a message's own fields: so its repeat is a repeat for the functions,
 * and nothing else has to remember it. The fingerprint stands in the place of the local time and date, since it says
 * what the message asks for.
 */
export function apiIdentityOf(identity: Uint8Array, fingerprint: Uint8Array): ApiIdentity {
  const [first, second, third] = [numberAt(identity, 0), numberAt(identity, 5), numberAt(identity, 10)];
  return {
    stan: String(first % 1_000_000).padStart(6, "0"),
    acquirer: apiAcquirer,
    // Twelve digits, and fifteen more for what a network would name the chain by.
    rrn: String(second % 1_000_000_000_000).padStart(12, "0"),
    networkChain: String(third).padStart(15, "0"),
    localTime: hex(fingerprint.subarray(0, 4)),
    localDate: hex(fingerprint.subarray(4, 8)),
  };
}

/** Eight bytes of a posting's name: no message has them, since it is a hash of other things. */
export function postingKeyOf(identity: Uint8Array): Uint8Array {
  return identity.slice(8, 16);
}

/** DE32 of what nobody has acquired. */
const apiAcquirer = "99999999999";

function numberAt(bytes: Uint8Array, at: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUIntBE(at, 5);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}
