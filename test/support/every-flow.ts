import type { AdviceDecision, FinancialDecision } from "../../src/authorizer/decision.ts";
import type { AdviceRequest, AuthorizationRequest, FinancialRequest } from "../../src/authorizer/request.ts";
import { minor } from "../../src/kernel/money.ts";
import { wirePan } from "../../src/kernel/pan.ts";
import { noControls } from "../../src/ledger/limits.ts";
import { setPartialApprovals } from "../../src/resources/accounts/accounts.ts";
import { updateCard } from "../../src/resources/issuing/cards.ts";
import type { TestEngine } from "./engine.ts";
import { type SmallProgram, authorize, purchase, reversalOf, reverse } from "./small-program.ts";

const dayMs = 86_400_000;

/** The 0120 of a network that has answered in our place. */
export function adviceOf(original: AuthorizationRequest, more: Partial<AdviceRequest> = {}): AdviceRequest {
  const { allowsPartial: _, cashbackAmount: _cash, deadlineMs: _deadline, ...told } = original;
  return { ...told, isApproved: true, originalStan: null, ...more };
}

/** A 0200, or the 0220 of something that has happened. */
export function financialOf(original: AuthorizationRequest, more: Partial<FinancialRequest> = {}): FinancialRequest {
  return { ...original, isAdvice: false, isApproved: true, original: null, settlementDate: "1123", ...more };
}

export function advise(test: TestEngine, request: AdviceRequest): Promise<AdviceDecision> {
  return new Promise((resolve) => {
    test.engine.authorizer.advise(request, resolve);
    test.engine.authorizer.flush();
  });
}

export function post(test: TestEngine, request: FinancialRequest): Promise<FinancialDecision> {
  return new Promise((resolve) => {
    test.engine.authorizer.post(request, resolve);
    test.engine.authorizer.flush();
  });
}

export function moveDays(test: TestEngine, days: number): void {
  const { setting } = test.clock;
  test.clock.set({ ...setting, offsetMs: setting.offsetMs + days * dayMs });
}

/** Increments, advices, fuel and single messages, each with what undoes it, over three days. */
export async function everyFlow(test: TestEngine, program: SmallProgram): Promise<void> {
  await increments(test, program);
  await advices(test, program);
  await fuel(test, program);
  await singleMessages(test, program);
  await withoutMoney(test, program);
}

async function increments(test: TestEngine, { pan }: SmallProgram): Promise<void> {
  const stay = purchase(test, pan, 20_00n, { mcc: "7011", networkChain: "STAY-0001" });
  await authorize(test, stay);
  moveDays(test, 1);
  const night = purchase(test, pan, 8_00n, { purpose: "increment", networkChain: "STAY-0001" });
  await authorize(test, night);
  moveDays(test, 1);
  const another = purchase(test, pan, 9_00n, { purpose: "increment", networkChain: "STAY-0001" });
  await authorize(test, another);
  await advise(test, adviceOf(purchase(test, pan, 4_00n, { purpose: "increment", networkChain: "STAY-0001" })));
  await reverse(test, reversalOf(night, { stan: "880001", replacementAmount: minor(3_00) }));
  await reverse(test, reversalOf(another, { stan: "880002" }));
  await reverse(test, reversalOf(stay, { stan: "880003", replacementAmount: minor(18_00) }));
  await authorize(test, purchase(test, pan, 7_00n, { purpose: "increment", networkChain: "STAY-0001" }));
  const left = purchase(test, pan, 5_00n, { networkChain: "LEFT-0001" });
  await authorize(test, left);
  const part = purchase(test, pan, 1_00n, { purpose: "increment", networkChain: "LEFT-0001" });
  await authorize(test, part);
  for (const stan of ["880011", "880012"]) await reverse(test, reversalOf(part, { stan }));
  await post(test, financialOf(left, { isAdvice: true }));
  await authorize(test, purchase(test, pan, 6_00n, { purpose: "increment", networkChain: "NEW-0001" }));
}

async function advices(test: TestEngine, { pan }: SmallProgram): Promise<void> {
  const unheard = purchase(test, pan, 11_00n, { networkChain: "STIP-0001" });
  await advise(test, adviceOf(unheard));
  await authorize(test, unheard);
  const refused = purchase(test, pan, 5_000_00n);
  await authorize(test, refused);
  await advise(test, adviceOf(refused, { transactionAmount: minor(13_00) }));
  const undone = purchase(test, pan, 5_000_00n);
  await authorize(test, undone);
  await reverse(test, reversalOf(undone, { stan: "880004" }));
  const withdrawn = purchase(test, pan, 2_00n);
  await authorize(test, withdrawn);
  await advise(test, adviceOf(withdrawn, { stan: "880005", originalStan: withdrawn.stan, isApproved: false }));
  await advise(test, adviceOf(purchase(test, pan, 2_00n), { isApproved: false }));
  await advise(test, adviceOf(purchase(test, pan, 2_00n, { purpose: "refund" })));
  await advise(test, adviceOf(purchase(test, wirePan("4000010000000002"), 2_00n)));
}

async function fuel(test: TestEngine, { pan }: SmallProgram): Promise<void> {
  const pump = (): AuthorizationRequest => purchase(test, pan, 1_00n, { purpose: "fuel", mcc: "5542" });
  const pumped = pump();
  await authorize(test, pumped);
  await advise(test, adviceOf(pumped, { purpose: "purchase", transactionAmount: minor(37_40) }));
  await authorize(test, pump());
}

async function singleMessages(test: TestEngine, { pan }: SmallProgram): Promise<void> {
  const paid = purchase(test, pan, 14_00n);
  await post(test, financialOf(paid));
  const undo = { original: { stan: paid.stan, function: "financial" } } as const;
  await post(test, financialOf({ ...paid, stan: "880016" }, { isAdvice: true, ...undo }));
  await reverse(test, reversalOf(paid, { ...undo, stan: "880006", replacementAmount: minor(5_00) }));
  const instead = { original: { stan: "880016", function: "financial_advice" } } as const;
  await reverse(test, reversalOf(paid, { ...instead, stan: "880017" }));
  await post(test, financialOf(purchase(test, pan, 3_00n, { purpose: "refund" })));
  await post(test, financialOf(purchase(test, pan, 9_000_00n)));
  await post(test, financialOf(purchase(test, pan, 0n, { purpose: "inquiry" })));
  const told = { isAdvice: true } as const;
  for (const captured of [10_00n, 25_00n]) {
    const held = purchase(test, pan, 20_00n, { mcc: "5812" });
    await authorize(test, held);
    await post(test, financialOf({ ...held, transactionAmount: minor(captured), mcc: "5814" }, told));
    await reverse(test, reversalOf(held, { stan: `88001${captured / 10_00n}` }));
  }
  await post(test, financialOf(purchase(test, pan, 16_00n, { networkChain: "FORCE-001" }), told));
  await post(test, financialOf(purchase(test, pan, 0n), told));
  await post(test, financialOf(purchase(test, pan, 5_00n), { ...told, isApproved: false }));
  const declined = purchase(test, pan, 7_000_00n);
  await authorize(test, declined);
  await post(test, financialOf({ ...declined, transactionAmount: minor(2_00) }, told));
  const gone = purchase(test, pan, 4_00n);
  await reverse(test, reversalOf(gone, { stan: "880008", original: { stan: gone.stan, function: null } }));
  await post(test, financialOf(gone));
}

async function withoutMoney(test: TestEngine, { pan, account, card }: SmallProgram): Promise<void> {
  for (const purpose of ["verification", "inquiry", "refund"] as const) {
    await authorize(test, purchase(test, pan, purpose === "refund" ? 5_00n : 0n, { purpose }));
  }
  const limited = {
    ...noControls,
    spending_limits: [{ amount: 9_000_00, interval: "weekly", categories: null }],
  } as const;
  await updateCard(test.access.program, card, { spending_controls: limited });
  await setPartialApprovals(test.access.program, account, true);
  const partial = purchase(test, pan, 2_000_00n, { allowsPartial: true });
  await authorize(test, partial);
  await reverse(test, reversalOf(partial, { stan: "880009", replacementAmount: minor(100_00) }));
}
