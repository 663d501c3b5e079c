import { currencies } from "../../../specs/currencies.ts";
import { balanceRetrieveParams } from "../../../specs/api/balance.ts";
import { currenciesByNumber } from "../../kernel/currency.ts";
import { currencyOfBalance, isPaymentsBalance } from "../../ledger/balances.ts";
import type { BalanceRow } from "../../records/rows.ts";
import type { AccountBody } from "../accounts/accounts.ts";
import type { Call } from "../call.ts";
import { type Answer, type Route, route } from "../route.ts";

export interface BalanceAmount {
  amount: number;
  currency: string;
}

type SourcedAmount = BalanceAmount & { source_types: { card: number } };

/** What an account has: nothing here is ever on its way, since top-ups and transfers arrive at once. */
export interface ShownBalance {
  object: "balance";
  available: SourcedAmount[];
  issuing: { available: BalanceAmount[] };
  livemode: boolean;
  pending: SourcedAmount[];
}

const byNumber = currenciesByNumber(currencies);

export const balanceRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v1/balance",
    operation: "balance.retrieve",
    scope: "balance:read",
    params: balanceRetrieveParams,
    answer: async (call) => retrieve(call),
  }),
];

function retrieve<Params>(call: Call<Params>): Answer {
  const rows = call.records.balances(call.account.place);
  const { default_currency: home } = call.find<AccountBody>("acct", call.account.id, "account").body;
  return { kind: "body", body: renderBalance(rows, home) };
}

/** An account without money has nothing of its own currency, and that is what it is told. */
export function renderBalance(rows: readonly BalanceRow[], home: string): ShownBalance {
  const payments = rows.filter(({ currency }) => isPaymentsBalance(currency)).map(amountOf);
  const issuing = rows.filter(({ currency }) => !isPaymentsBalance(currency)).map(amountOf);
  const none = [{ amount: 0, currency: home }];
  const available = (payments.length === 0 ? none : payments).map(withSources);
  return {
    object: "balance",
    available,
    issuing: { available: issuing.length === 0 ? none : issuing },
    livemode: false,
    pending: available.map(({ currency }) => withSources({ amount: 0, currency })),
  };
}

function amountOf(row: BalanceRow): BalanceAmount {
  return { amount: Number(row.available), currency: byNumber.get(currencyOfBalance(row.currency))?.code ?? "" };
}

function withSources(balance: BalanceAmount): SourcedAmount {
  return { ...balance, source_types: { card: balance.amount } };
}
