import { expect } from "chai";
import { type ApiUnderTest, openApiUnderTest } from "../support/api.ts";
import {
  type CardProgram,
  eventTypes,
  expectSoundBooks,
  issuingLedger,
  openCardProgram,
} from "../support/card-program.ts";
import { errorOf } from "../support/sdk-error.ts";
import { type StateGround, edgesOf } from "../support/state-tables.ts";
import { authorizationTable, cardTable, shippingTable } from "../support/state-tables-of-cards.ts";
import {
  capabilityTable,
  externalAccountTable,
  payoutTable,
  topupTable,
  transactionTable,
  transferTable,
} from "../support/state-tables-of-money.ts";
import { cardholderTable, designTable, disputeTable, endpointTable } from "../support/state-tables-of-program.ts";

const edges = [
  ...edgesOf(authorizationTable),
  ...edgesOf(cardTable),
  ...edgesOf(shippingTable),
  ...edgesOf(cardholderTable),
  ...edgesOf(disputeTable),
  ...edgesOf(designTable),
  ...edgesOf(payoutTable),
  ...edgesOf(topupTable),
  ...edgesOf(transactionTable),
  ...edgesOf(transferTable),
  ...edgesOf(externalAccountTable),
  ...edgesOf(capabilityTable),
  ...edgesOf(endpointTable),
];

describe("flows/every edge of the states of what the SDK makes", () => {
  let api: ApiUnderTest;
  let program: CardProgram;
  let ground: StateGround;

  before(async () => {
    api = await openApiUnderTest();
  });

  after(() => api.running.close());

  beforeEach(async () => {
    program = await openCardProgram(api);
    ground = { api, program };
  });

  afterEach(() => expectSoundBooks(api, program));

  /** All that can be seen of the account by whoever looks at the object. */
  async function seen(retrieve: Promise<object>): Promise<unknown> {
    const object: unknown = JSON.parse(JSON.stringify(await retrieve));
    return { object, events: await eventTypes(api, program), ledger: await issuingLedger(api, program) };
  }

  for (const { act, from, make, object, perform, retrieve, statusOf, to } of edges) {
    if (to === null) {
      it(`are closed: ${object}, ${from}: "${act}" is refused and changes nothing`, async () => {
        const id = await make(ground);
        const before = await seen(retrieve(ground, id));

        const error = await errorOf(perform(ground, id));

        expect(error).to.include({ type: "StripeInvalidRequestError", statusCode: 400 });
        expect(await seen(retrieve(ground, id))).to.deep.equal(before);
      });
    } else {
      it(`are open: ${object}, ${from}: "${act}" leads to ${to}`, async () => {
        const id = await make(ground);

        await perform(ground, id);

        expect(await statusOf(ground, id)).to.equal(to);
      });
    }
  }
});
