import type { Command, Option } from "commander";

interface Flags {
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `cardswitch keys list|card|zone`: the issuer's keys, read from the data set's key file whether it is served or not. */
export function addIssuerKeys(keys: Command, { json }: { readonly json: Option }): void {
  keys
    .command("list")
    .description("the issuer's keys: label, use and check value")
    .option("--data-dir <folder>", "the data set")
    .addOption(json)
    .action(async (flags: Flags) => {
      const { listIssuerKeys } = await import("./issuer-keys.ts");
      process.exitCode = listIssuerKeys(flags);
    });
  keys
    .command("card <pan>")
    .description("what a card bears: CVC2, iCVV, PIN and, under a key of yours, the key of its chip")
    .requiredOption("--expiry <YYMM>", "until when the card is good")
    .option("--under <hex>", "an AES key of 16, 24 or 32 bytes for the key block")
    .option("--data-dir <folder>", "the data set")
    .addOption(json)
    .action(async (pan: string, flags: Flags & { readonly expiry: string; readonly under?: string }) => {
      const { showCard } = await import("./issuer-keys.ts");
      process.exitCode = showCard(pan, flags);
    });
  keys
    .command("load <link> <block>")
    .description("take a PIN key from the other end of a link, into a data set that nobody serves")
    .requiredOption("--under <hex>", "the key that the block is under: AES for version D, triple DES for B and A")
    .option("--data-dir <folder>", "the data set")
    .addOption(json)
    .action(async (link: string, block: string, flags: Flags & { readonly under: string }) => {
      const { loadZone } = await import("./issuer-keys.ts");
      process.exitCode = await loadZone({ link, block }, flags);
    });
  keys
    .command("zone <link>")
    .description("the key of PIN blocks on a link: its check value and, under a key of yours, the key itself")
    .option("--under <hex>", "an AES key of 16, 24 or 32 bytes for the key block")
    .option("--data-dir <folder>", "the data set")
    .addOption(json)
    .action(async (link: string, flags: Flags & { readonly under?: string }) => {
      const { showZone } = await import("./issuer-keys.ts");
      process.exitCode = showZone(link, flags);
    });
}
