import type { ProgramType } from "../../../specs/limits.ts";
import { must } from "../../kernel/assert.ts";
import type { Place } from "../../kernel/ids.ts";
import type { Pan } from "../../kernel/pan.ts";
import type { SpendingControls } from "../../ledger/limits.ts";
import type { CommitStep } from "../../store/commit.ts";
import { fields } from "../../store/keys.ts";
import { panTagOf } from "../../store/pan-index.ts";
import { packChain } from "../../store/statics.ts";
import { type Program, ProgramError, aside, readObject, tryChange } from "../program.ts";
import type { CardShipping } from "./card-shipping.ts";
import { type Chain, type ChainCard, readChain, staticOf, writeChain } from "./card-chain.ts";
import { fileElsewhere, indexShardOf, indexStep, isFiled } from "./pan-filing.ts";

export interface CardBody extends CardExtras {
  readonly object: "issuing.card";
  readonly account: number;
  readonly cardholder: number;
  /** Number of the first card of its chain of replacements. */
  readonly chain: number;
  /** Lower-case code. */
  readonly currency: string;
  readonly network: "visa" | "mastercard";
  readonly last4: string;
  readonly exp_month: number;
  readonly exp_year: number;
  readonly type: "physical" | "virtual";
  readonly status: "active" | "inactive" | "canceled";
  readonly cancellation_reason: "lost" | "stolen" | null;
  readonly replacement_for: number | null;
  readonly replacement_reason: ReplacementReason | null;
  readonly program: ProgramType;
  readonly spending_controls: SpendingControls;
  /** The PAN, encrypted and bound to the card; see hsm/pan-vault. */
  readonly sealed_pan: string;
  /** Part of the PAN's keyed index: cards of a chain with the same PAN have the same one. */
  readonly pan_tag: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly created: number;
}

/** What the hot path does not read. */
export interface CardExtras {
  /** The card that takes its place; it counts only where that card is there and says the same. */
  readonly replaced_by: number | null;
  readonly second_line: string | null;
  /** Number of a design of the account. */
  readonly personalization_design: number | null;
  /** The design of its platform where the account has none of its own; absent or null: none. */
  readonly platform_design?: Place | null;
  readonly shipping: CardShipping | null;
  /** Payments after which its program wants it to be canceled. */
  readonly payments_max: number | null;
  /** How often its program has unlocked its PIN; absent: never. */
  readonly pin_resets?: number;
}

const noExtras: CardExtras = {
  replaced_by: null,
  second_line: null,
  personalization_design: null,
  platform_design: null,
  shipping: null,
  payments_max: null,
};

export type ReplacementReason = "damaged" | "expired" | "lost" | "stolen";

export interface NewCard {
  readonly cardholder: number;
  readonly currency: { readonly code: string; readonly number: number };
  readonly network: "visa" | "mastercard";
  readonly type: "physical" | "virtual";
  readonly status: "active" | "inactive" | "canceled";
  readonly cancellationReason: "lost" | "stolen" | null;
  readonly expMonth: number;
  readonly expYear: number;
  readonly program: ProgramType;
  readonly controls: SpendingControls;
  /** A PAN that the caller brings; null: one from the program's own blocks. */
  readonly pan: Pan | null;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly extras?: Partial<CardExtras>;
}

export interface CreatedCard {
  readonly place: Place;
  readonly pan: Pan;
}

/** Creates a card and files its PAN. Throws `pan_taken` where the PAN already has a card. */
export async function createCard(program: Program, account: Place, card: NewCard): Promise<CreatedCard> {
  const { shard } = account;
  const kind = { shard, network: card.network, currency: card.currency, program: card.program };
  const pan = card.pan ?? (await program.blocks.next(program, kind));
  const indexShard = card.pan === null ? shard : await indexShardOf(program, pan, kind);
  if (card.pan !== null && (await isFiled(program, pan, indexShard))) {
    throw new ProgramError("pan_taken", "that PAN already has a card");
  }
  for (;;) {
    const no = await program.numbers.next("card", shard);
    const body = newBody(program, { shard, no, account: account.no }, card, pan);
    const chainKey = program.committer.keyspace.chain(shard, no);
    const index = indexStep(program, pan, indexShard, {
      shard,
      account: account.no,
      chain: no,
      cardholder: card.cardholder,
    });
    const result = await tryChange(program, {
      shard,
      account: account.no,
      objectType: "card",
      objectNo: no,
      version: 1,
      body,
      currency: 0,
      accountVersion: 0,
      steps: [
        { do: "expect", key: chainKey, field: fields.chainStatic, version: "absent" },
        {
          do: "set",
          key: chainKey,
          field: fields.chainStatic,
          value: packChain({ version: 1, cards: [staticOf(no, body, card.currency.number)] }),
        },
        ...(indexShard === shard ? index : []),
      ],
    });
    if (result.outcome === "done") {
      if (indexShard !== shard) await fileElsewhere(program, indexShard, { shard, no }, index);
      return { place: { shard, no }, pan };
    }
    if (result.outcome !== "conflict")
      throw new ProgramError(
        "store_down",
        `the card could not be created: ${"cause" in result ? result.cause : result.outcome}`,
      );
    if (result.field !== fields.chainStatic) throw new ProgramError("pan_taken", "that PAN already has a card");
  }
}

export type CardChange = Partial<
  Pick<CardBody, "status" | "cancellation_reason" | "spending_controls" | "metadata" | keyof CardExtras>
>;

/**
 * Changes a card; resolves once new limits count what was spent before. What depends on how it stands now is given as a
 * function of that.
 */
export async function updateCard(
  program: Program,
  place: Place,
  change: CardChange | ((body: CardBody) => CardChange),
): Promise<void> {
  const { chain, version, body } = await readInChain(program, place);
  const after: CardBody = { ...body, ...(typeof change === "function" ? change(body) : change) };
  await writeChain(
    program,
    { place, version: version + 1, body: after, chain },
    chain.cards.map((card) => (card.place.no === place.no ? { ...card, body: after } : card)),
    after.pin_resets === body.pin_resets ? [] : [unlocking(program, place, chain)],
  );
}

/** Takes away what was counted of wrong PINs. */
function unlocking(program: Program, { shard, no }: Place, chain: Chain): CommitStep {
  return { do: "delete", key: program.committer.keyspace.chain(shard, chain.no), field: fields.pinTries(no) };
}

export interface Replacement {
  readonly reason: ReplacementReason;
  readonly expMonth: number;
  readonly expYear: number;
  readonly status: "active" | "inactive";
  /** Number that it was announced under. */
  readonly no?: number;
  /** What differs from the card that it replaces. */
  readonly with?: Partial<Pick<CardBody, "type" | "spending_controls" | "metadata" | keyof CardExtras>>;
}

/**
 * Replaces a card. Damaged and expired keep the PAN and the old card works until the new one is activated; lost and
 * stolen get a new PAN. The new card joins the chain, whose counters it shares (rules: Limits).
 */
export async function replaceCard(program: Program, place: Place, replacement: Replacement): Promise<CreatedCard> {
  const { shard } = place;
  const { chain, body: old } = await readInChain(program, place);
  const keepsPan = replacement.reason === "damaged" || replacement.reason === "expired";
  const currency = { code: old.currency, number: chain.currency };
  const kind = { shard, network: old.network, currency, program: old.program };
  const pan = keepsPan ? openPan(program, place, old) : await program.blocks.next(program, kind);
  const no = replacement.no ?? (await program.numbers.next("card", shard));
  const body: CardBody = {
    ...old,
    ...noExtras,
    ...replacement.with,
    last4: pan.slice(-4),
    exp_month: replacement.expMonth,
    exp_year: replacement.expYear,
    status: replacement.status,
    cancellation_reason: null,
    replacement_for: place.no,
    replacement_reason: replacement.reason,
    sealed_pan: program.vault.seal(pan, ownerOf(shard, no)),
    pan_tag: keepsPan ? old.pan_tag : panTagOf(program.vault.indexOf(pan)),
    created: Math.floor(program.clock.businessNow() / 1000),
  };
  const added: ChainCard = { place: { shard, no }, version: 1, body };
  const where = { shard, account: old.account, chain: old.chain, cardholder: old.cardholder };
  const index = keepsPan ? [] : indexStep(program, pan, shard, where);
  await writeChain(program, { place: added.place, version: 1, body, chain }, [...chain.cards, added], index);
  return { place: added.place, pan };
}

/**
 * Writes the original's side of a replacement that is about to be made, and names the replacement's number. A crash in
 * between leaves a name that no card answers to, and the next attempt writes another over it.
 */
export async function announceReplacement(
  program: Program,
  original: Place,
  change: Pick<CardChange, "status">,
): Promise<number> {
  const no = await program.numbers.next("card", original.shard);
  await updateCard(aside(program), original, { ...change, replaced_by: no });
  return no;
}

/**
 * Activates a replacement: the card that it replaces is canceled first, in a commit of its own. A crash in between
 * leaves a card that has to be activated again, and never two that pay.
 */
export async function activateReplacement(program: Program, place: Place): Promise<void> {
  await cancelReplaced(program, place);
  await updateCard(program, place, { status: "active" });
}

/** Cancels the card that another one replaces, if it still stands: two cards of one PAN never pay at once for long. */
export async function cancelReplaced(program: Program, replacement: Place): Promise<void> {
  const { body } = await readObject<CardBody>(program, "card", replacement);
  if (body.replacement_for === null) return;
  const original = { shard: replacement.shard, no: body.replacement_for };
  const { body: old } = await readObject<CardBody>(program, "card", original);
  if (old.status !== "canceled") await updateCard(aside(program), original, { status: "canceled" });
}

// The chain's version is read before its cards: whoever changes one of them in between makes the commit a conflict. A
// card that was read before the version would be written back over somebody else's change of it.
async function readInChain(program: Program, place: Place): Promise<ChainCard & { readonly chain: Chain }> {
  const { body } = await readObject<CardBody>(program, "card", place);
  const chain = await readChain(program, place.shard, body.chain);
  const card = chain.cards.find(({ place: { no } }) => no === place.no);
  return { ...must(card, "a card is in the chain that it names"), chain };
}

/** The PAN of a card, from its record. */
export function openPan(program: Program, place: Place, body: CardBody): Pan {
  return program.vault.open(body.sealed_pan, ownerOf(place.shard, place.no));
}

function newBody(program: Program, place: Place & { readonly account: number }, card: NewCard, pan: Pan): CardBody {
  return {
    object: "issuing.card",
    account: place.account,
    cardholder: card.cardholder,
    chain: place.no,
    currency: card.currency.code,
    network: card.network,
    last4: pan.slice(-4),
    exp_month: card.expMonth,
    exp_year: card.expYear,
    type: card.type,
    status: card.status,
    cancellation_reason: card.cancellationReason,
    replacement_for: null,
    replacement_reason: null,
    program: card.program,
    spending_controls: card.controls,
    sealed_pan: program.vault.seal(pan, ownerOf(place.shard, place.no)),
    pan_tag: panTagOf(program.vault.indexOf(pan)),
    metadata: card.metadata ?? {},
    ...noExtras,
    ...card.extras,
    created: Math.floor(program.clock.businessNow() / 1000),
  };
}

// A sealed PAN belongs to one card of one shard.
function ownerOf(shard: number, no: number): string {
  return `${shard}/${no}`;
}
