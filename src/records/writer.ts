import type { Place } from "../kernel/ids.ts";
import type { Records, Statement } from "./database.ts";
import { objectRowId, rowId } from "./place.ts";
import type {
  AccountRow,
  AuthorizationState,
  AuthorizationStatus,
  BalanceRow,
  ChargeRow,
  CounterKey,
  EntryRow,
  FollowUp,
  MerchantRow,
  MessageRow,
  ObjectRow,
  Spender,
  TransactionState,
  WaitingCounter,
} from "./rows.ts";
import { writes } from "./writes.ts";

type Statements = Readonly<Record<keyof typeof writes, Statement<unknown>>>;

/** Everything that the projector writes, as prepared statements on its own connection, inside its transactions. */
export class RecordsWriter {
  readonly #records: Records;
  readonly #statements: Statements;

  constructor(records: Records) {
    this.#records = records;
    this.#statements = prepareAll(records);
  }

  transaction(work: () => void): void {
    this.#records.transaction(work);
  }

  entry(row: EntryRow): void {
    const { kind, account, currency, available, held, other, bytes } = row;
    const amounts = [Number(available), Number(held), other];
    this.#statements.entry.run([rowId(row.place), kind, account, currency, ...amounts, bytes]);
  }

  // Two objects and not one: putting a message's many fields into a larger object costs more than the statement.
  authorization(row: MessageRow, state: AuthorizationState): void {
    this.#statements.authorization.run([
      rowId(row.place),
      state.kind,
      row.account,
      row.card,
      row.chain,
      row.cardholder,
      row.network,
      row.purpose,
      state.status,
      row.outcome,
      state.reason,
      row.currency,
      Number(state.amount),
      Number(state.approved),
      Number(state.remaining),
      row.transactionCurrency,
      Number(row.transactionAmount),
      row.mcc,
      row.createdMs,
      row.wallMs,
      state.expiresMs,
      state.originalId,
      row.stan,
      row.rrn,
      row.authorizationCode,
      row.merchantKey,
    ]);
  }

  posted(row: MessageRow, state: TransactionState): void {
    this.#statements.posted.run([
      rowId(row.place),
      row.account,
      row.card,
      row.chain,
      row.cardholder,
      row.network,
      row.purpose,
      row.outcome,
      row.currency,
      Number(state.amount),
      Number(state.reversible),
      row.transactionCurrency,
      Number(row.transactionAmount),
      row.mcc,
      state.countedMcc,
      state.settlementDay,
      row.createdMs,
      row.wallMs,
      state.originalId,
      row.stan,
      row.rrn,
      row.authorizationCode,
      row.merchantKey,
    ]);
  }

  /** Changes what a hold holds; `status` is what becomes of it. */
  heldChange(change: FollowUp, status: AuthorizationStatus): void {
    const target = this.followUp(change);
    this.#statements.held.run([Number(change.amount), status, target]);
  }

  /** Lowers what can still be reversed of a posting. */
  reposted(change: FollowUp): void {
    const target = this.followUp(change);
    this.#statements.reversible.run([Number(change.amount), target]);
  }

  /** A message of a hold's or a posting's life that changes nothing of it. Tells the target's id. */
  followUp({ entry, targetNo, amount }: FollowUp): number {
    const target = rowId({ shard: entry.shard, no: targetNo });
    this.#statements.followUp.run([rowId(entry), target, Number(amount)]);
    return target;
  }

  /** A hold whose end is another one now; in milliseconds from its creation. */
  livesFor(hold: Place, lifeMs: number): void {
    this.#statements.lives.run([lifeMs, rowId(hold)]);
  }

  /** A message waits for the program's endpoint until that wall time, at the longest. */
  asked(message: Place, deadlineWallMs: number): void {
    this.#statements.asked.run([rowId(message), deadlineWallMs]);
  }

  /** It waits no more, if it did. */
  answered(message: Place): void {
    this.#statements.answered.run([rowId(message)]);
  }

  charge({ entry, day, amount }: ChargeRow, spender: Spender): void {
    this.#statements.charge.run([rowId(entry), day, spender.chain, spender.cardholder, spender.mcc, Number(amount)]);
  }

  /** Who charged a hold; null: there is none of that number. */
  spenderOfHold(hold: Place): Spender | null {
    return this.#spender("holdSpender", hold);
  }

  spenderOfPosting(posting: Place): Spender | null {
    return this.#spender("postingSpender", posting);
  }

  exception(entry: Place, cause: string): void {
    this.#statements.exception.run([rowId(entry), cause]);
  }

  /** An exception where the hold that the entry is about has been captured, or what was posted in its place stands. */
  exceptionIfCaptured(entry: Place, targetNo: number, cause: string): void {
    this.#statements.exceptionIfCaptured.run([rowId(entry), cause, rowId({ shard: entry.shard, no: targetNo })]);
  }

  /** The newest state of an object, written by entry `entryNo`; `dueMs`: when it is to be looked at again, null: never. */
  object(row: ObjectRow, { entryNo, dueMs }: { readonly entryNo: number; readonly dueMs: number | null }): void {
    const { type, place, version, account, changedMs, body } = row;
    const id = objectRowId(type, place);
    this.#statements.object.run([id, type, place.shard, place.no, version, account, changedMs, changedMs, body]);
    this.#statements.objectVersion.run([id, entryNo]);
    if (dueMs !== null) this.#statements.objectDue.run([id, dueMs]);
    else if (version > 1) this.#statements.objectNotDue.run([id]);
  }

  merchant(row: MerchantRow): void {
    this.#statements.merchant.run([row.key, row.terminal, row.merchantId, row.nameLocation]);
  }

  account(row: AccountRow): void {
    this.#statements.account.run([row.shard, row.account, row.lastNo, row.chainHash, row.businessMs]);
  }

  balance(row: BalanceRow): void {
    const { shard, account, currency } = row;
    this.#statements.balance.run([shard, account, currency, Number(row.available), Number(row.held)]);
  }

  waitingCounter(row: WaitingCounter): void {
    const { shard, asOf, field, account, chain, cardholder, interval, businessMs } = row;
    const categories = row.categories === null ? null : JSON.stringify(row.categories);
    const values = [shard, asOf, field, account, chain, cardholder, interval, categories, businessMs];
    this.#statements.waitingCounter.run(values);
  }

  counterFilled({ shard, asOf, field }: CounterKey): void {
    this.#statements.counterFilled.run([shard, asOf, field]);
  }

  checkpoint(shard: number, no: number): void {
    this.#statements.checkpoint.run([shard, no]);
  }

  /** Something of the chain is to be forgotten at that wall time; an earlier one stays. */
  purgeDue(shard: number, chain: number, dueWallMs: number): void {
    this.#statements.purgeDue.run([shard, chain, dueWallMs]);
  }

  /** The time at which the chain is looked at next, whatever stood there; null: never. */
  settlePurge(shard: number, chain: number, dueWallMs: number | null): void {
    if (dueWallMs === null) this.#statements.purgeGone.run([shard, chain]);
    else this.#statements.purgeSettled.run([shard, chain, dueWallMs]);
  }

  #spender(statement: "holdSpender" | "postingSpender", place: Place): Spender | null {
    // The statement's columns are those of a spender.
    return this.#statements[statement].first([rowId(place)]) as Spender | null;
  }
}

function prepareAll(records: Records): Statements {
  const prepare = (name: keyof typeof writes) => records.prepare(writes[name]);
  return {
    entry: prepare("entry"),
    authorization: prepare("authorization"),
    posted: prepare("posted"),
    followUp: prepare("followUp"),
    held: prepare("held"),
    reversible: prepare("reversible"),
    lives: prepare("lives"),
    asked: prepare("asked"),
    answered: prepare("answered"),
    charge: prepare("charge"),
    holdSpender: prepare("holdSpender"),
    postingSpender: prepare("postingSpender"),
    exception: prepare("exception"),
    exceptionIfCaptured: prepare("exceptionIfCaptured"),
    object: prepare("object"),
    objectVersion: prepare("objectVersion"),
    objectDue: prepare("objectDue"),
    objectNotDue: prepare("objectNotDue"),
    merchant: prepare("merchant"),
    account: prepare("account"),
    balance: prepare("balance"),
    waitingCounter: prepare("waitingCounter"),
    counterFilled: prepare("counterFilled"),
    checkpoint: prepare("checkpoint"),
    purgeDue: prepare("purgeDue"),
    purgeSettled: prepare("purgeSettled"),
    purgeGone: prepare("purgeGone"),
  };
}
