import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { Stripe } from "stripe";
import type * as accountLinks from "../../../specs/api/account-links.ts";
import type * as accounts from "../../../specs/api/accounts.ts";
import type * as balanceTransactions from "../../../specs/api/balance-transactions.ts";
import type * as balance from "../../../specs/api/balance.ts";
import type * as countrySpecs from "../../../specs/api/country-specs.ts";
import type * as ephemeralKeys from "../../../specs/api/ephemeral-keys.ts";
import type * as events from "../../../specs/api/events.ts";
import type * as fileLinks from "../../../specs/api/file-links.ts";
import type * as files from "../../../specs/api/files.ts";
import type * as issuingAuthorizations from "../../../specs/api/issuing-authorizations.ts";
import type * as issuingCardholders from "../../../specs/api/issuing-cardholders.ts";
import type * as issuingCards from "../../../specs/api/issuing-cards.ts";
import type * as issuingDisputes from "../../../specs/api/issuing-disputes.ts";
import type * as issuingPersonalizationDesigns from "../../../specs/api/issuing-personalization-designs.ts";
import type * as issuingPhysicalBundles from "../../../specs/api/issuing-physical-bundles.ts";
import type * as issuingTokens from "../../../specs/api/issuing-tokens.ts";
import type * as issuingTransactions from "../../../specs/api/issuing-transactions.ts";
import type * as payouts from "../../../specs/api/payouts.ts";
import type * as testHelpersIssuingAuthorizations from "../../../specs/api/test-helpers-issuing-authorizations.ts";
import type * as testHelpersIssuingCards from "../../../specs/api/test-helpers-issuing-cards.ts";
import type * as testHelpersIssuingPersonalizationDesigns from "../../../specs/api/test-helpers-issuing-personalization-designs.ts";
import type * as testHelpersIssuingTransactions from "../../../specs/api/test-helpers-issuing-transactions.ts";
import type * as topups from "../../../specs/api/topups.ts";
import type * as transfers from "../../../specs/api/transfers.ts";
import type * as webhookEndpoints from "../../../specs/api/webhook-endpoints.ts";
import type { ParamsOf } from "../../../src/resources/params.ts";
import type { Claim, SameParams } from "./sdk-shapes.ts";

/** What stands in a form in place of a file is its name. */
type Uploaded<Params> = { [Name in keyof Params]: Name extends "file" ? string : Params[Name] };

type TestHelpers = Stripe["testHelpers"]["issuing"];

/** The parameters that a method takes, before or after the id of what it is about. */
type Sent<Method extends (...args: never[]) => unknown> = string extends Parameters<Method>[0]
  ? NonNullable<Parameters<Method>[1]>
  : NonNullable<Parameters<Method>[0]>;

/** Each line is a claim that the compiler proves or refuses. */
export type Claims = [
  Claim<SameParams<ParamsOf<typeof accounts.accountCreateParams>, Stripe.AccountCreateParams>>,
  Claim<SameParams<ParamsOf<typeof accounts.accountRetrieveParams>, Stripe.AccountRetrieveParams>>,
  Claim<SameParams<ParamsOf<typeof accounts.accountUpdateParams>, Stripe.AccountUpdateParams>>,
  Claim<SameParams<ParamsOf<typeof accounts.accountListParams>, Stripe.AccountListParams>>,
  Claim<SameParams<ParamsOf<typeof accounts.accountDeleteParams>, Stripe.AccountDeleteParams>>,
  Claim<SameParams<ParamsOf<typeof accounts.accountCreateLoginLinkParams>, Stripe.AccountCreateLoginLinkParams>>,
  Claim<SameParams<ParamsOf<typeof accounts.accountCreatePersonParams>, Stripe.AccountCreatePersonParams>>,
  Claim<SameParams<ParamsOf<typeof accounts.accountDeletePersonParams>, Stripe.AccountDeletePersonParams>>,
  Claim<SameParams<ParamsOf<typeof accounts.accountListPersonsParams>, Stripe.AccountListPersonsParams>>,
  Claim<SameParams<ParamsOf<typeof accounts.accountRejectParams>, Stripe.AccountRejectParams>>,
  Claim<SameParams<ParamsOf<typeof accounts.accountRetrievePersonParams>, Stripe.AccountRetrievePersonParams>>,
  Claim<SameParams<ParamsOf<typeof accounts.accountUnrejectParams>, Stripe.AccountUnrejectParams>>,
  Claim<SameParams<ParamsOf<typeof accounts.accountUpdatePersonParams>, Stripe.AccountUpdatePersonParams>>,
  Claim<SameParams<ParamsOf<typeof accountLinks.accountLinkCreateParams>, Stripe.AccountLinkCreateParams>>,
  Claim<
    SameParams<ParamsOf<typeof accounts.accountCreateExternalAccountParams>, Stripe.AccountCreateExternalAccountParams>
  >,
  Claim<
    SameParams<ParamsOf<typeof accounts.accountDeleteExternalAccountParams>, Stripe.AccountDeleteExternalAccountParams>
  >,
  Claim<SameParams<ParamsOf<typeof accounts.accountListCapabilitiesParams>, Stripe.AccountListCapabilitiesParams>>,
  Claim<
    SameParams<ParamsOf<typeof accounts.accountListExternalAccountsParams>, Stripe.AccountListExternalAccountsParams>
  >,
  Claim<SameParams<ParamsOf<typeof accounts.accountRetrieveCurrentParams>, Stripe.AccountRetrieveCurrentParams>>,
  Claim<SameParams<ParamsOf<typeof accounts.accountRetrieveCapabilityParams>, Stripe.AccountRetrieveCapabilityParams>>,
  Claim<
    SameParams<
      ParamsOf<typeof accounts.accountRetrieveExternalAccountParams>,
      Stripe.AccountRetrieveExternalAccountParams
    >
  >,
  Claim<SameParams<ParamsOf<typeof accounts.accountUpdateCapabilityParams>, Stripe.AccountUpdateCapabilityParams>>,
  Claim<
    SameParams<ParamsOf<typeof accounts.accountUpdateExternalAccountParams>, Stripe.AccountUpdateExternalAccountParams>
  >,
  Claim<
    SameParams<
      ParamsOf<typeof balanceTransactions.balanceTransactionRetrieveParams>,
      Stripe.BalanceTransactionRetrieveParams
    >
  >,
  Claim<
    SameParams<ParamsOf<typeof balanceTransactions.balanceTransactionListParams>, Stripe.BalanceTransactionListParams>
  >,
  Claim<SameParams<ParamsOf<typeof balance.balanceRetrieveParams>, Stripe.BalanceRetrieveParams>>,
  Claim<SameParams<ParamsOf<typeof countrySpecs.countrySpecRetrieveParams>, Stripe.CountrySpecRetrieveParams>>,
  Claim<SameParams<ParamsOf<typeof countrySpecs.countrySpecListParams>, Stripe.CountrySpecListParams>>,
  Claim<SameParams<ParamsOf<typeof ephemeralKeys.ephemeralKeyCreateParams>, Stripe.EphemeralKeyCreateParams>>,
  Claim<SameParams<ParamsOf<typeof ephemeralKeys.ephemeralKeyDeleteParams>, Stripe.EphemeralKeyDeleteParams>>,
  Claim<SameParams<ParamsOf<typeof events.eventRetrieveParams>, Stripe.EventRetrieveParams>>,
  Claim<SameParams<ParamsOf<typeof events.eventListParams>, Stripe.EventListParams>>,
  Claim<SameParams<ParamsOf<typeof fileLinks.fileLinkCreateParams>, Stripe.FileLinkCreateParams>>,
  Claim<SameParams<ParamsOf<typeof fileLinks.fileLinkRetrieveParams>, Stripe.FileLinkRetrieveParams>>,
  Claim<SameParams<ParamsOf<typeof fileLinks.fileLinkUpdateParams>, Stripe.FileLinkUpdateParams>>,
  Claim<SameParams<ParamsOf<typeof fileLinks.fileLinkListParams>, Stripe.FileLinkListParams>>,
  Claim<SameParams<ParamsOf<typeof files.fileCreateParams>, Uploaded<Stripe.FileCreateParams>>>,
  Claim<SameParams<ParamsOf<typeof files.fileRetrieveParams>, Stripe.FileRetrieveParams>>,
  Claim<SameParams<ParamsOf<typeof files.fileListParams>, Stripe.FileListParams>>,
  Claim<
    SameParams<
      ParamsOf<typeof issuingAuthorizations.issuingAuthorizationRetrieveParams>,
      Stripe.Issuing.AuthorizationRetrieveParams
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof issuingAuthorizations.issuingAuthorizationUpdateParams>,
      Stripe.Issuing.AuthorizationUpdateParams
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof issuingAuthorizations.issuingAuthorizationListParams>,
      Stripe.Issuing.AuthorizationListParams
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof issuingAuthorizations.issuingAuthorizationApproveParams>,
      Stripe.Issuing.AuthorizationApproveParams
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof issuingAuthorizations.issuingAuthorizationDeclineParams>,
      Stripe.Issuing.AuthorizationDeclineParams
    >
  >,
  Claim<
    SameParams<ParamsOf<typeof issuingCardholders.issuingCardholderCreateParams>, Stripe.Issuing.CardholderCreateParams>
  >,
  Claim<
    SameParams<
      ParamsOf<typeof issuingCardholders.issuingCardholderRetrieveParams>,
      Stripe.Issuing.CardholderRetrieveParams
    >
  >,
  Claim<
    SameParams<ParamsOf<typeof issuingCardholders.issuingCardholderUpdateParams>, Stripe.Issuing.CardholderUpdateParams>
  >,
  Claim<
    SameParams<ParamsOf<typeof issuingCardholders.issuingCardholderListParams>, Stripe.Issuing.CardholderListParams>
  >,
  Claim<SameParams<ParamsOf<typeof issuingCards.issuingCardCreateParams>, Stripe.Issuing.CardCreateParams>>,
  Claim<SameParams<ParamsOf<typeof issuingCards.issuingCardRetrieveParams>, Stripe.Issuing.CardRetrieveParams>>,
  Claim<SameParams<ParamsOf<typeof issuingCards.issuingCardUpdateParams>, Stripe.Issuing.CardUpdateParams>>,
  Claim<SameParams<ParamsOf<typeof issuingCards.issuingCardListParams>, Stripe.Issuing.CardListParams>>,
  Claim<SameParams<ParamsOf<typeof issuingDisputes.issuingDisputeCreateParams>, Stripe.Issuing.DisputeCreateParams>>,
  Claim<
    SameParams<ParamsOf<typeof issuingDisputes.issuingDisputeRetrieveParams>, Stripe.Issuing.DisputeRetrieveParams>
  >,
  Claim<SameParams<ParamsOf<typeof issuingDisputes.issuingDisputeUpdateParams>, Stripe.Issuing.DisputeUpdateParams>>,
  Claim<SameParams<ParamsOf<typeof issuingDisputes.issuingDisputeListParams>, Stripe.Issuing.DisputeListParams>>,
  Claim<SameParams<ParamsOf<typeof issuingDisputes.issuingDisputeSubmitParams>, Stripe.Issuing.DisputeSubmitParams>>,
  Claim<
    SameParams<
      ParamsOf<typeof issuingPersonalizationDesigns.issuingPersonalizationDesignCreateParams>,
      Stripe.Issuing.PersonalizationDesignCreateParams
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof issuingPersonalizationDesigns.issuingPersonalizationDesignRetrieveParams>,
      Stripe.Issuing.PersonalizationDesignRetrieveParams
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof issuingPersonalizationDesigns.issuingPersonalizationDesignUpdateParams>,
      Stripe.Issuing.PersonalizationDesignUpdateParams
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof issuingPersonalizationDesigns.issuingPersonalizationDesignListParams>,
      Stripe.Issuing.PersonalizationDesignListParams
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof issuingPhysicalBundles.issuingPhysicalBundleRetrieveParams>,
      Stripe.Issuing.PhysicalBundleRetrieveParams
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof issuingPhysicalBundles.issuingPhysicalBundleListParams>,
      Stripe.Issuing.PhysicalBundleListParams
    >
  >,
  Claim<SameParams<ParamsOf<typeof issuingTokens.issuingTokenRetrieveParams>, Stripe.Issuing.TokenRetrieveParams>>,
  Claim<SameParams<ParamsOf<typeof issuingTokens.issuingTokenUpdateParams>, Stripe.Issuing.TokenUpdateParams>>,
  Claim<SameParams<ParamsOf<typeof issuingTokens.issuingTokenListParams>, Stripe.Issuing.TokenListParams>>,
  Claim<
    SameParams<
      ParamsOf<typeof issuingTransactions.issuingTransactionRetrieveParams>,
      Stripe.Issuing.TransactionRetrieveParams
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof issuingTransactions.issuingTransactionUpdateParams>,
      Stripe.Issuing.TransactionUpdateParams
    >
  >,
  Claim<
    SameParams<ParamsOf<typeof issuingTransactions.issuingTransactionListParams>, Stripe.Issuing.TransactionListParams>
  >,
  Claim<SameParams<ParamsOf<typeof payouts.payoutCreateParams>, Stripe.PayoutCreateParams>>,
  Claim<SameParams<ParamsOf<typeof payouts.payoutRetrieveParams>, Stripe.PayoutRetrieveParams>>,
  Claim<SameParams<ParamsOf<typeof payouts.payoutUpdateParams>, Stripe.PayoutUpdateParams>>,
  Claim<SameParams<ParamsOf<typeof payouts.payoutListParams>, Stripe.PayoutListParams>>,
  Claim<SameParams<ParamsOf<typeof payouts.payoutCancelParams>, Stripe.PayoutCancelParams>>,
  Claim<SameParams<ParamsOf<typeof payouts.payoutReverseParams>, Stripe.PayoutReverseParams>>,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingAuthorizations.testHelpersIssuingAuthorizationCreateParams>,
      Sent<TestHelpers["authorizations"]["create"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingAuthorizations.testHelpersIssuingAuthorizationCaptureParams>,
      Sent<TestHelpers["authorizations"]["capture"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingAuthorizations.testHelpersIssuingAuthorizationExpireParams>,
      Sent<TestHelpers["authorizations"]["expire"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingAuthorizations.testHelpersIssuingAuthorizationFinalizeAmountParams>,
      Sent<TestHelpers["authorizations"]["finalizeAmount"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingAuthorizations.testHelpersIssuingAuthorizationIncrementParams>,
      Sent<TestHelpers["authorizations"]["increment"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingAuthorizations.testHelpersIssuingAuthorizationRespondParams>,
      Sent<TestHelpers["authorizations"]["respond"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingAuthorizations.testHelpersIssuingAuthorizationReverseParams>,
      Sent<TestHelpers["authorizations"]["reverse"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingCards.testHelpersIssuingCardDeliverCardParams>,
      Sent<TestHelpers["cards"]["deliverCard"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingCards.testHelpersIssuingCardFailCardParams>,
      Sent<TestHelpers["cards"]["failCard"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingCards.testHelpersIssuingCardReturnCardParams>,
      Sent<TestHelpers["cards"]["returnCard"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingCards.testHelpersIssuingCardShipCardParams>,
      Sent<TestHelpers["cards"]["shipCard"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingCards.testHelpersIssuingCardSubmitCardParams>,
      Sent<TestHelpers["cards"]["submitCard"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingPersonalizationDesigns.testHelpersIssuingPersonalizationDesignActivateParams>,
      Sent<TestHelpers["personalizationDesigns"]["activate"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingPersonalizationDesigns.testHelpersIssuingPersonalizationDesignDeactivateParams>,
      Sent<TestHelpers["personalizationDesigns"]["deactivate"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingPersonalizationDesigns.testHelpersIssuingPersonalizationDesignRejectParams>,
      Sent<TestHelpers["personalizationDesigns"]["reject"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingTransactions.testHelpersIssuingTransactionCreateForceCaptureParams>,
      Sent<TestHelpers["transactions"]["createForceCapture"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingTransactions.testHelpersIssuingTransactionCreateUnlinkedRefundParams>,
      Sent<TestHelpers["transactions"]["createUnlinkedRefund"]>
    >
  >,
  Claim<
    SameParams<
      ParamsOf<typeof testHelpersIssuingTransactions.testHelpersIssuingTransactionRefundParams>,
      Sent<TestHelpers["transactions"]["refund"]>
    >
  >,
  Claim<SameParams<ParamsOf<typeof topups.topupCreateParams>, Stripe.TopupCreateParams>>,
  Claim<SameParams<ParamsOf<typeof topups.topupRetrieveParams>, Stripe.TopupRetrieveParams>>,
  Claim<SameParams<ParamsOf<typeof topups.topupUpdateParams>, Stripe.TopupUpdateParams>>,
  Claim<SameParams<ParamsOf<typeof topups.topupListParams>, Stripe.TopupListParams>>,
  Claim<SameParams<ParamsOf<typeof topups.topupCancelParams>, Stripe.TopupCancelParams>>,
  Claim<SameParams<ParamsOf<typeof transfers.transferCreateParams>, Stripe.TransferCreateParams>>,
  Claim<SameParams<ParamsOf<typeof transfers.transferRetrieveParams>, Stripe.TransferRetrieveParams>>,
  Claim<SameParams<ParamsOf<typeof transfers.transferUpdateParams>, Stripe.TransferUpdateParams>>,
  Claim<SameParams<ParamsOf<typeof transfers.transferListParams>, Stripe.TransferListParams>>,
  Claim<SameParams<ParamsOf<typeof transfers.transferCreateReversalParams>, Stripe.TransferCreateReversalParams>>,
  Claim<SameParams<ParamsOf<typeof transfers.transferListReversalsParams>, Stripe.TransferListReversalsParams>>,
  Claim<SameParams<ParamsOf<typeof transfers.transferRetrieveReversalParams>, Stripe.TransferRetrieveReversalParams>>,
  Claim<SameParams<ParamsOf<typeof transfers.transferUpdateReversalParams>, Stripe.TransferUpdateReversalParams>>,
  Claim<SameParams<ParamsOf<typeof webhookEndpoints.webhookEndpointCreateParams>, Stripe.WebhookEndpointCreateParams>>,
  Claim<
    SameParams<ParamsOf<typeof webhookEndpoints.webhookEndpointRetrieveParams>, Stripe.WebhookEndpointRetrieveParams>
  >,
  Claim<SameParams<ParamsOf<typeof webhookEndpoints.webhookEndpointUpdateParams>, Stripe.WebhookEndpointUpdateParams>>,
  Claim<SameParams<ParamsOf<typeof webhookEndpoints.webhookEndpointListParams>, Stripe.WebhookEndpointListParams>>,
  Claim<SameParams<ParamsOf<typeof webhookEndpoints.webhookEndpointDeleteParams>, Stripe.WebhookEndpointDeleteParams>>,
];

describe("resources/contract/params of the SDK", () => {
  it("are compared by the compiler with every schema that was generated from them", () => {
    const root = fileURLToPath(new URL("../../../../", import.meta.url));
    const source = readFileSync(`${root}test/resources/contract/sdk-params.test.ts`, "utf8");
    const folder = `${root}specs/api`;
    const files = readdirSync(folder).filter((name) => !byHand.has(name));

    const schemas = files.flatMap((name) =>
      [...readFileSync(`${folder}/${name}`, "utf8").matchAll(/^export const (\w+Params) =/gm)].map(
        ([, schema]) => schema,
      ),
    );

    expect(schemas).to.have.length.above(90);
    expect(schemas.filter((schema) => !source.includes(`.${schema}>`))).to.deep.equal([]);
  });
});

const byHand: ReadonlySet<string> = new Set(["beyond-sdk.ts", "forms.ts", "partial.ts", "schema.ts"]);
