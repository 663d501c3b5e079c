import { existsSync } from "node:fs";
import { join } from "node:path";
import { openKeyFile, storeCardKey } from "../app/key-file.ts";
import { openOffline } from "../app/offline.ts";
import { readConfig } from "../config.ts";
import { CardCodes, sequenceNumber } from "../hsm/card-codes.ts";
import { keyUsages, unwrapKey } from "../hsm/key-block.ts";
import { KeyStore } from "../hsm/key-store.ts";
import { PinCheck } from "../hsm/pin-check.ts";
import { parsePan } from "../kernel/pan.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

interface Flags {
  readonly dataDir?: string;
  readonly json: boolean;
}

export function listIssuerKeys(flags: Flags): ExitCode {
  const store = storeOf(flags);
  if (!store.ok) return complain(store.error);
  const keys = store.value.describe();
  const lines = keys.map(({ label, usage, bits, checkValue }) => {
    return `${label.padEnd(12)} ${usage} ${keyUsages[usage].padEnd(28)} ${String(bits).padStart(4)} bits  ${checkValue}`;
  });
  print(flags.json, { keys }, lines.join("\n"));
  return exitCodes.ok;
}

export function showCard(text: string, flags: Flags & { readonly expiry: string; readonly under?: string }): ExitCode {
  const pan = parsePan(text);
  if (pan === null) return complain("that is no PAN", exitCodes.usage);
  if (!/^\d\d(0[1-9]|1[0-2])$/.test(flags.expiry)) return complain("--expiry is YYMM, such as 2912", exitCodes.usage);
  const under = protectionKey(flags.under);
  if (!under.ok) return complain(under.error, exitCodes.usage);
  const store = storeOf(flags);
  if (!store.ok) return complain(store.error);
  const codes = new CardCodes(store.value);
  const expiry = Number(flags.expiry);
  const digits = new PinCheck(store.value).initialPin(pan);
  const card = {
    cvc2: codes.cvc2(pan, expiry),
    icvv: codes.icvv(pan, expiry),
    pin: digits.join(""),
    cardKey: under.value === null ? null : store.value.exportCardKey({ pan, sequence: sequenceNumber }, under.value),
  };
  digits.fill(0);
  const key = card.cardKey === null ? "" : `\ncard key  ${card.cardKey}`;
  print(flags.json, card, `CVC2      ${card.cvc2}\niCVV      ${card.icvv}\nPIN       ${card.pin}${key}`);
  return exitCodes.ok;
}

export function showZone(link: string, flags: Flags & { readonly under?: string }): ExitCode {
  if (!isLinkName(link)) return complain(noLinkName, exitCodes.usage);
  const under = protectionKey(flags.under);
  if (!under.ok) return complain(under.error, exitCodes.usage);
  const store = storeOf(flags);
  if (!store.ok) return complain(store.error);
  const checkValue = store.value.zonePinCheckValue(link);
  const key = under.value === null ? null : store.value.exportZonePin(link, under.value);
  print(
    flags.json,
    { link, checkValue, key },
    `check value  ${checkValue}${key === null ? "" : `\nkey          ${key}`}`,
  );
  return exitCodes.ok;
}

/** The key goes into the file as it came, under the link's own label; the switch takes it with its next start. */
export async function loadZone(
  { link, block }: { readonly link: string; readonly block: string },
  flags: Flags & { readonly under: string },
): Promise<ExitCode> {
  if (!isLinkName(link)) return complain(noLinkName, exitCodes.usage);
  const under = protectionKey(flags.under);
  if (!under.ok || under.value === null) return complain("--under is 32, 48 or 64 hexadecimal digits", exitCodes.usage);
  const opened = unwrapKey(under.value, block);
  if (!opened.ok) return complain(`the key block does not open: ${opened.error}`, exitCodes.usage);
  const key = KeyStore.zoneKeyOf(opened.value, link);
  if (key === null) return complain("that is no triple DES key for PIN blocks (P0)", exitCodes.usage);
  const place = flags.dataDir === undefined ? {} : { "data-dir": flags.dataDir };
  const offline = await openOffline(place, { mayCreate: false });
  if (!offline.ok) return complain(offline.error.message, exitCodeOf(offline.error));
  try {
    const stored = storeCardKey(offline.value.place.dataSet.keyFile, key);
    if (!stored.ok) return complain(stored.error.message);
    const checkValue = new KeyStore(stored.value.cardKeys).zonePinCheckValue(link);
    print(
      flags.json,
      { link, checkValue },
      `${link} has the key with check value ${checkValue} from its next start on`,
    );
    return exitCodes.ok;
  } finally {
    await offline.value.close();
  }
}

/** Reads only: a folder without a key file gets none. */
function storeOf({ dataDir }: Flags): Result<KeyStore, string> {
  const config = readConfig({ flags: dataDir === undefined ? {} : { "data-dir": dataDir }, env: process.env });
  if (!config.ok) return fail(config.error.message);
  const folder = config.value.dataDir;
  if (folder === null) return fail("nothing is kept with durability volatile");
  const path = join(folder, "keys.json");
  if (!existsSync(path)) return fail(`${folder} holds no data set`);
  const keys = openKeyFile(path);
  return keys.ok ? ok(new KeyStore(keys.value.cardKeys)) : fail(keys.error.message);
}

const noLinkName = "a link is named by up to 48 printable characters";

/** It stands in the label of its key. */
function isLinkName(link: string): boolean {
  return /^[\x21-\x7e]{1,48}$/.test(link);
}

function protectionKey(hex: string | undefined): Result<Buffer | null, string> {
  if (hex === undefined) return ok(null);
  const isKey = /^[0-9a-fA-F]+$/.test(hex) && [32, 48, 64].includes(hex.length);
  return isKey ? ok(Buffer.from(hex, "hex")) : fail("--under is an AES key: 32, 48 or 64 hexadecimal digits");
}
