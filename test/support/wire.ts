import { SeenJournal } from "../../simulators/journal.ts";
import { Link } from "../../simulators/link.ts";
import { type NetworkName, type Purchase, plainGoods } from "../../simulators/purchase.ts";
import { networkSides } from "../../simulators/sides.ts";
import { Station } from "../../simulators/station.ts";
import { TraceNumbers } from "../../simulators/trace-numbers.ts";
import { countries } from "../../specs/countries.ts";
import { must } from "../../src/kernel/assert.ts";
import { MovableClock } from "../../src/kernel/clock.ts";
import { countriesByAlpha2 } from "../../src/kernel/country.ts";
import { minor } from "../../src/kernel/money.ts";
import { wirePan } from "../../src/kernel/pan.ts";

export interface WireCard {
  readonly pan: string;
  /** YYMM. */
  readonly expiry: string;
}

export interface Wire {
  readonly station: Station;
  readonly link: Link;
  /** A purchase of so many US cents, with numbers of its own. */
  purchase(card: WireCard, cents: bigint): Purchase;
  close(): Promise<void>;
}

const us = must(countriesByAlpha2(countries).get("US"), "the United States");
let run = process.pid;

/** The network's end of a link of a running switch. */
export async function openWire(network: NetworkName, port: number, timeoutMs = 2_000): Promise<Wire> {
  const clock = new MovableClock();
  const signOn = network === "generic" ? "none" : "by-us";
  const address = { kind: "connect", host: "127.0.0.1", port } as const;
  const link = new Link({ side: networkSides[network], address, signOn, clock });
  await link.open();
  if (!(await link.usable(5_000))) throw new Error(`the ${network} link did not come up`);
  const numbers = new TraceNumbers(++run);
  const station = new Station({ link, clock, numbers, journal: new SeenJournal(), timeoutMs });
  return {
    station,
    link,
    purchase: (card, cents) => ({
      network,
      card: { pan: wirePan(card.pan), expiry: card.expiry },
      acceptor: {
        institution: "400551",
        acquirerCountry: us,
        name: "CORNER SHOP",
        city: "PORTLAND",
        state: "OR",
        country: us,
        currency: 840,
        categoryCode: "5411",
        terminal: "TERM0001",
        merchantId: "MERCHANT0000001",
      },
      amount: minor(cents),
      billing: null,
      asks: plainGoods,
      entry: "chip",
      trace: numbers.next(),
      startedMs: clock.wallNow(),
    }),
    close: async () => {
      station.close();
      await link.close();
    },
  };
}
