import { type KeyObject, generateKeyPairSync, sign } from "node:crypto";
import { isoTime } from "../../src/kernel/clock.ts";

/** PEM texts. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

export interface Authority {
  readonly certificate: string;
  /** A certificate for 127.0.0.1 that this authority has signed. */
  issue(name: string): Certificate;
}

/** An authority of its own, good for two days around a moment of wall time, made here so that tests need no tool. */
export function newAuthority(name: string, wallNowMs: number): Authority {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signer: Signer = { name: `${name} authority`, key: privateKey, wallNowMs };
  return {
    certificate: certificateOf(signer, { name: signer.name, key: publicKey, extension: mayIssue }),
    issue: (subject) => {
      const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
      return {
        certificate: certificateOf(signer, { name: subject, key: pair.publicKey, extension: isLoopback }),
        key: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      };
    },
  };
}

interface Signer {
  readonly name: string;
  readonly key: KeyObject;
  readonly wallNowMs: number;
}

let lastSerial = 0;

/** X.509 version 3 in DER: | tag 1 | length | content |, one within the other. */
function certificateOf(signer: Signer, subject: { name: string; key: KeyObject; extension: Buffer }): string {
  const algorithm = sequence(oid("2a8648ce3d040302"));
  const dayMs = 86_400_000;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([++lastSerial])),
    algorithm,
    nameOf(signer.name),
    sequence(utcTime(signer.wallNowMs - dayMs), utcTime(signer.wallNowMs + dayMs)),
    nameOf(subject.name),
    subject.key.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(subject.extension)),
  );
  const signature = sign("sha256", body, signer.key);
  const bytes = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** Basic constraints, critical: it may sign others. */
const mayIssue = sequence(
  oid("551d13"),
  der(0x01, Buffer.from([0xff])),
  der(0x04, sequence(der(0x01, Buffer.from([0xff])))),
);
/** Subject alternative name: the address 127.0.0.1. */
const isLoopback = sequence(oid("551d11"), der(0x04, sequence(der(0x87, Buffer.from([127, 0, 0, 1])))));

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(commonName)))));
}

/** YYMMDDhhmmssZ. */
function utcTime(ms: number): Buffer {
  return der(0x17, Buffer.from(`${isoTime(ms).slice(2, 19).replace(/\D/g, "")}Z`));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
