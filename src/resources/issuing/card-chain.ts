import { limitsInForce } from "../../authorizer/card-view.ts";
import { networks } from "../../../specs/networks.ts";
import { must } from "../../kernel/assert.ts";
import type { Place } from "../../kernel/ids.ts";
import { countersOf } from "../../ledger/limits.ts";
import type { CommitStep } from "../../store/commit.ts";
import { fields } from "../../store/keys.ts";
import { readField } from "../../store/read-field.ts";
import { type CardStatic, type CardStatus, packChain, unpackChain } from "../../store/statics.ts";
import { type Program, ProgramError, commitChange, readObject } from "../program.ts";
import type { CardBody } from "./cards.ts";
import { controlsText } from "./controls.ts";
import { type CounterOwner, counterChange, fillCounters } from "./counters.ts";

export interface ChainCard {
  readonly place: Place;
  readonly version: number;
  readonly body: CardBody;
}

export interface Chain {
  readonly no: number;
  readonly version: number;
  readonly currency: number;
  readonly cards: readonly ChainCard[];
}

// The chain's static field is written with every change of one of its cards: its version counts all of them.
export async function readChain(program: Program, shard: number, no: number): Promise<Chain> {
  const key = program.committer.keyspace.chain(shard, no);
  const read = await readField(program.committer, shard, key, fields.chainStatic);
  if (read.kind === "failed") throw new ProgramError("store_down", `the chain could not be read: ${read.cause}`);
  if (read.value === null) throw new ProgramError("no_such_object", `no chain ${no} in shard ${shard}`);
  const chain = unpackChain(read.value);
  const cards: ChainCard[] = [];
  for (const { card } of chain.cards) {
    const place = { shard, no: card };
    cards.push({ place, ...(await readObject<CardBody>(program, "card", place)) });
  }
  return { no, version: chain.version, currency: must(chain.cards[0], "a chain has a card").currency, cards };
}

export interface CardWrite {
  readonly place: Place;
  readonly version: number;
  readonly body: CardBody;
  readonly chain: Chain;
}

export async function writeChain(
  program: Program,
  write: CardWrite,
  cards: readonly ChainCard[],
  more: readonly CommitStep[] = [],
): Promise<void> {
  const { place, body, chain } = write;
  const key = program.committer.keyspace.chain(place.shard, chain.no);
  const decimals = program.decimalsOf(chain.currency);
  const statics = (list: readonly ChainCard[]): CardStatic[] =>
    list.map((card) => staticOf(card.place.no, card.body, chain.currency));
  const counters = (list: readonly ChainCard[]) =>
    countersOf(statics(list).flatMap((card) => limitsInForce(card, decimals)));
  const owner: CounterOwner = {
    shard: place.shard,
    account: body.account,
    chain: chain.no,
    cardholder: 0,
    key,
    fieldOf: (interval, setNumber) => fields.chainCounter(interval, setNumber),
  };
  const change = counterChange(owner, counters(chain.cards), counters(cards));
  const committed = await commitChange(program, {
    shard: place.shard,
    account: body.account,
    objectType: "card",
    objectNo: place.no,
    version: write.version,
    body,
    currency: 0,
    accountVersion: 0,
    steps: [
      { do: "expect", key, field: fields.chainStatic, version: chain.version },
      {
        do: "set",
        key,
        field: fields.chainStatic,
        value: packChain({ version: chain.version + 1, cards: statics(cards) }),
      },
      ...change.steps,
      ...more,
    ],
  });
  await fillCounters(program, owner, change.added, committed);
}

/** What the hot path reads of a card. */
export function staticOf(no: number, body: CardBody, currency: number): CardStatic {
  return {
    card: no,
    panTag: body.pan_tag,
    status: statusOf(body),
    expiry: (body.exp_year % 100) * 100 + body.exp_month,
    cardholder: body.cardholder,
    currency,
    network: networks[body.network],
    isLoad: body.program === "load",
    controls: controlsText(body.spending_controls),
  };
}

function statusOf(body: CardBody): CardStatus {
  return body.status === "canceled" && body.cancellation_reason !== null ? body.cancellation_reason : body.status;
}
