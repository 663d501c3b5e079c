import { balanceSettingsRetrieveParams, balanceSettingsUpdateParams } from "../../../specs/api/beyond-sdk.ts";
import { type AccountBody, type AccountDetails, updateAccount } from "../accounts/accounts.ts";
import { delayDaysDefault } from "../accounts/account-settings.ts";
import type { Call } from "../call.ts";
import { type Detail, type Details, detailsIn, flagIn, mergeDetails, numberIn, textIn } from "../details.ts";
import type { ParamsOf } from "../params.ts";
import { type Answer, type Route, route } from "../route.ts";

type UpdateParams = ParamsOf<typeof balanceSettingsUpdateParams>;

/** How an account is paid out, as the API tells it: the same settings that the account tells in another form. */
export interface ShownBalanceSettings {
  object: "balance_settings";
  payments: {
    debit_negative_balances: boolean;
    payouts: {
      automatic_transfer_rules_by_currency: null;
      minimum_balance_by_currency: null;
      schedule: ShownSchedule;
      statement_descriptor: string | null;
      status: "disabled" | "enabled";
    };
    settlement_timing: { delay_days: number; delay_days_override?: number; start_of_day: null };
  };
}

interface ShownSchedule {
  interval: Interval;
  monthly_payout_days?: number[];
  weekly_payout_days?: Weekday[];
}

const intervals = ["daily", "manual", "monthly", "weekly"] as const;
type Interval = (typeof intervals)[number];
const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday"] as const;
type Weekday = (typeof weekdays)[number];

const url = "/v1/balance_settings";

export const balanceSettingsRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: url,
    operation: "balanceSettings.retrieve",
    scope: "balance_settings:read",
    params: balanceSettingsRetrieveParams,
    answer: async (call) => shown(foundSelf(call)),
  }),
  route({
    method: "POST",
    path: url,
    operation: "balanceSettings.update",
    scope: "balance_settings:write",
    params: balanceSettingsUpdateParams,
    answer: async (call) => {
      const { account, params, program } = call;
      await updateAccount(program, account.place, ({ details }) => ({ details: detailsAfter(details, params) }));
      await call.caughtUp(account.place.shard);
      return shown(foundSelf(call));
    },
    // Written by updateAccount.
    repeated: (_call, { body }) => shown(JSON.parse(body) as AccountBody),
  }),
];

function foundSelf<Params>(call: Call<Params>): AccountBody {
  return call.find<AccountBody>("acct", call.account.id, "account").body;
}

function detailsAfter(details: AccountDetails, { payments }: UpdateParams): AccountDetails {
  const override = payments?.settlement_timing?.delay_days_override;
  const schedule: Record<string, Detail> = { ...payments?.payouts?.schedule };
  if (override !== undefined) schedule["delay_days"] = override === "" ? null : override;
  const payouts: Record<string, Detail> = { schedule };
  if (payments?.payouts?.statement_descriptor !== undefined) {
    payouts["statement_descriptor"] = payments.payouts.statement_descriptor;
  }
  if (payments?.debit_negative_balances !== undefined) {
    payouts["debit_negative_balances"] = payments.debit_negative_balances;
  }
  return { ...details, settings: mergeDetails(details.settings, { payouts }) };
}

function shown({ details, disabled_reason: disabled }: AccountBody): Answer {
  const payouts = detailsIn(details.settings, "payouts");
  const schedule = detailsIn(payouts, "schedule");
  const override = numberIn(schedule, "delay_days");
  const body: ShownBalanceSettings = {
    object: "balance_settings",
    payments: {
      debit_negative_balances: flagIn(payouts, "debit_negative_balances"),
      payouts: {
        automatic_transfer_rules_by_currency: null,
        minimum_balance_by_currency: null,
        schedule: shownSchedule(schedule),
        statement_descriptor: textIn(payouts, "statement_descriptor"),
        status: disabled === null ? "enabled" : "disabled",
      },
      settlement_timing: {
        delay_days: override ?? delayDaysDefault,
        ...(override === null ? {} : { delay_days_override: override }),
        start_of_day: null,
      },
    },
  };
  return { kind: "body", body };
}

/** Days are told where the interval asks for them. */
function shownSchedule(schedule: Details): ShownSchedule {
  const interval = intervals.find((name) => name === textIn(schedule, "interval")) ?? "manual";
  switch (interval) {
    case "monthly": {
      const days = schedule["monthly_payout_days"];
      return { interval, monthly_payout_days: Array.isArray(days) ? days.filter(isNumber) : [] };
    }
    case "weekly": {
      const days = schedule["weekly_payout_days"];
      const isNamed = (day: Weekday): boolean => Array.isArray(days) && days.includes(day);
      return { interval, weekly_payout_days: weekdays.filter(isNamed) };
    }
    default:
      return { interval };
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
