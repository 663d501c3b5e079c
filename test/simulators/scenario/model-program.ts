import { must } from "../../../src/kernel/assert.ts";
import type { Clock } from "../../../src/kernel/clock.ts";
import { randomPan } from "../../../src/kernel/pan.ts";
import { seededRandom } from "../../../src/kernel/random.ts";
import { addMonths } from "../../../simulators/expiry.ts";
import type { NetworkName } from "../../../simulators/purchase.ts";
import type { IssuedCard, ScenarioIssuer } from "../../../simulators/scenario/issuer.ts";
import { ScenarioRules } from "../../../simulators/scenario/rules.ts";
import { networkSides } from "../../../simulators/sides.ts";
import { parseDuration } from "../../../src/app/duration.ts";
import { judgedScript } from "../model-issuer.ts";
import { type Script, ScriptedIssuer } from "../scripted-issuer.ts";

export interface ModelProgram {
  readonly issuer: ScenarioIssuer;
  close(): Promise<void>;
}

/** An issuer of all three networks that knows nothing but the wire and the model of the rules. */
export async function openModelProgram(clock: Clock, bend: (script: Script) => Script): Promise<ModelProgram> {
  const rules = new ScenarioRules();
  const names = new Map<IssuedCard, string>();
  const random = seededRandom(21);
  let offsetMs = 0;
  const now = () => ({ wallMs: clock.wallNow(), businessMs: clock.wallNow() + offsetMs });
  const servers: ScriptedIssuer[] = [];
  const links: Partial<Record<NetworkName, { host: string; port: number }>> = {};
  for (const network of ["visa", "mastercard", "generic"] as const) {
    const script = judgedScript(network, (message) => rules.judge(message, now()));
    const server = new ScriptedIssuer(networkSides[network], bend(script));
    links[network] = { host: "127.0.0.1", port: await server.open() };
    servers.push(server);
  }
  const nameOf = (card: IssuedCard): string => must(names.get(card), "a card of this issuer");
  const issuer: ScenarioIssuer = {
    links,
    businessNow: () => now().businessMs,
    issue: async (wish) => {
      const pan = randomPan(random, wish.network === "visa" ? "40000084" : "22230084");
      const card = { id: `card ${names.size}`, pan, expiry: addMonths(now().businessMs, 36) };
      names.set(card, card.id);
      rules.issue(card.id, wish, card);
      return card;
    },
    change: async (card, change) => rules.change(nameOf(card), change),
    balance: async (card) => rules.balance(nameOf(card)),
    advance: async (span) => {
      offsetMs += must(parseDuration(span), "a span of time");
      rules.expireDue(now());
    },
    verify: async () => [],
  };
  return {
    issuer,
    close: async () => {
      for (const server of servers) await server.close();
    },
  };
}
