import { type Details, detailsIn, flagIn, numberIn, textIn } from "../details.ts";
import type { AccountBody } from "./accounts.ts";

/** Settings of an account as the API tells them. */
export interface ShownSettings {
  branding: { icon: string | null; logo: string | null; primary_color: string | null; secondary_color: string | null };
  card_issuing: { tos_acceptance: { date: number | null; ip: string | null } };
  card_payments: {
    decline_on: { avs_failure: boolean; cvc_failure: boolean };
    statement_descriptor_prefix: string | null;
    statement_descriptor_prefix_kana: string | null;
    statement_descriptor_prefix_kanji: string | null;
  };
  dashboard: { display_name: string | null; timezone: string };
  payments: {
    statement_descriptor: string | null;
    statement_descriptor_kana: string | null;
    statement_descriptor_kanji: string | null;
    statement_descriptor_prefix_kana: string | null;
    statement_descriptor_prefix_kanji: string | null;
  };
  payouts: {
    debit_negative_balances: boolean;
    schedule: { delay_days: number; interval: string };
    statement_descriptor: string | null;
  };
}

/** Days until what comes in can be paid out, where nobody says otherwise. */
export const delayDaysDefault = 2;

export function shownSettings(settings: Details, { business_name }: AccountBody): ShownSettings {
  const branding = detailsIn(settings, "branding");
  const terms = detailsIn(detailsIn(settings, "card_issuing"), "tos_acceptance");
  const cardPayments = detailsIn(settings, "card_payments");
  const declineOn = detailsIn(cardPayments, "decline_on");
  const payments = detailsIn(settings, "payments");
  const payouts = detailsIn(settings, "payouts");
  const schedule = detailsIn(payouts, "schedule");
  return {
    branding: {
      icon: textIn(branding, "icon"),
      logo: textIn(branding, "logo"),
      primary_color: textIn(branding, "primary_color"),
      secondary_color: textIn(branding, "secondary_color"),
    },
    card_issuing: { tos_acceptance: { date: numberIn(terms, "date"), ip: textIn(terms, "ip") } },
    card_payments: {
      decline_on: { avs_failure: flagIn(declineOn, "avs_failure"), cvc_failure: flagIn(declineOn, "cvc_failure") },
      statement_descriptor_prefix: textIn(cardPayments, "statement_descriptor_prefix"),
      statement_descriptor_prefix_kana: textIn(cardPayments, "statement_descriptor_prefix_kana"),
      statement_descriptor_prefix_kanji: textIn(cardPayments, "statement_descriptor_prefix_kanji"),
    },
    dashboard: { display_name: business_name === "" ? null : business_name, timezone: "Etc/UTC" },
    payments: {
      statement_descriptor: textIn(payments, "statement_descriptor"),
      statement_descriptor_kana: textIn(payments, "statement_descriptor_kana"),
      statement_descriptor_kanji: textIn(payments, "statement_descriptor_kanji"),
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    payouts: {
      debit_negative_balances: flagIn(payouts, "debit_negative_balances"),
      schedule: {
        delay_days: numberIn(schedule, "delay_days") ?? delayDaysDefault,
        interval: textIn(schedule, "interval") ?? "manual",
      },
      statement_descriptor: textIn(payouts, "statement_descriptor"),
    },
  };
}
