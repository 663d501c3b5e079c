import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../support/api.ts";
import { expectSoundBooks } from "../support/card-program.ts";
import { type CardNetwork, type Door, TwoDoors } from "../support/two-doors.ts";

/** An authorization that was made and changed by one door: its id. */
type Story = (door: Door) => Promise<string>;

for (const network of ["visa", "mastercard"] as const satisfies readonly CardNetwork[]) {
  describe(`flows/one authorization, two doors: the SDK and a ${network} link`, () => {
    let api: ApiUnderTest;
    let doors: TwoDoors;
    let helpers: Stripe["testHelpers"]["issuing"]["authorizations"];

    before(async () => {
      api = await openApiUnderTest();
      helpers = api.stripe.testHelpers.issuing.authorizations;
    });

    after(() => api.running.close());

    beforeEach(async () => {
      doors = await TwoDoors.open(api, network);
    });

    afterEach(async () => {
      await doors.close();
      await expectSoundBooks(api, doors.program);
    });

    const updateCard = (change: Stripe.Issuing.CardUpdateParams): Promise<unknown> =>
      api.stripe.issuing.cards.update(doors.program.card.id, change, doors.program.as);

    /** Both by turns, so that each meets the same balance; what both have come to is equal and is given back. */
    async function alike(story: Story, settle: Story | null = null): Promise<Stripe.Issuing.Authorization> {
      const seen: unknown[] = [];
      let last = "";
      for (const door of [doors.sdk, doors.wire]) {
        last = await story(door);
        seen.push(await doors.seen(last));
        await settle?.(door);
      }
      expect(seen[1]).to.deep.equal(seen[0]);
      return api.stripe.issuing.authorizations.retrieve(last, {}, doors.program.as);
    }

    it("are equal where they are approved", async () => {
      const authorization = await alike((door) => door.authorize({ amount: 1_250 }));

      expect(authorization).to.include({ approved: true, status: "pending", amount: 1_250 });
      expect(authorization.card.brand.toLowerCase()).to.equal(network);
    });

    it("are equal where funds do not suffice, the card is inactive or its category is blocked", async () => {
      await updateCard({
        spending_controls: { spending_limits: [{ amount: 900_000, interval: "per_authorization" }] },
      });
      const poor = await alike((door) => door.authorize({ amount: 100_001 }));
      await updateCard({ spending_controls: { blocked_categories: ["grocery_stores_supermarkets"] } });
      const blocked = await alike((door) => door.authorize({ amount: 100 }));
      await updateCard({ status: "inactive" });
      const inactive = await alike((door) => door.authorize({ amount: 100 }));

      const reasons = [poor, blocked, inactive].map(({ request_history: [request] }) => request?.reason);
      expect(reasons).to.deep.equal(["insufficient_funds", "spending_controls", "card_inactive"]);
    });

    it("are equal where a part of what was asked is approved", async () => {
      await updateCard({
        spending_controls: { spending_limits: [{ amount: 900_000, interval: "per_authorization" }] },
      });
      const story: Story = async (door) => {
        const id = await door.authorize({ amount: 150_000, takesPartial: true });
        await helpers.reverse(id, {}, doors.program.as);
        return id;
      };

      const authorization = await alike(story);

      expect(authorization.request_history[0]).to.include({ approved: true, amount: 100_000 });
      expect(authorization.status).to.equal("reversed");
    });

    it("are equal after an increment, approved or declined", async () => {
      const authorization = await alike(async (door) => {
        const id = await door.authorize({ amount: 10_000 });
        await door.increment(id, 2_500);
        await door.increment(id, 99_999_999);
        return id;
      });

      const requests = authorization.request_history.map(({ amount, approved }) => [amount, approved]);
      expect(requests).to.deep.equal([
        [10_000, true],
        [2_500, true],
        [99_999_999, false],
      ]);
      expect(authorization).to.include({ amount: 12_500, status: "pending" });
    });

    it("are equal after a reversal, in part and in full", async () => {
      const part = await alike(async (door) => {
        const id = await door.authorize({ amount: 10_000 });
        await door.reverse(id, 4_000);
        return id;
      });
      const full = await alike(async (door) => {
        const id = await door.authorize({ amount: 10_000 });
        await door.reverse(id, 4_000);
        await door.reverse(id);
        return id;
      });

      expect([part.amount, part.status]).to.deep.equal([4_000, "pending"]);
      expect([full.amount, full.status]).to.deep.equal([0, "reversed"]);
    });

    it("are equal where the program's endpoint declines, or approves with metadata of its own", async () => {
      const { as } = doors.program;
      const replies = [{ approved: false }, { approved: true, metadata: { seen: "yes" } }];
      const asked: string[] = [];
      const endpoint = createServer((request, response) => {
        request.resume().on("end", () => {
          asked.push(String(request.headers["stripe-signature"]));
          response.setHeader("Stripe-Version", Stripe.API_VERSION);
          response.end(JSON.stringify(replies[Math.floor((asked.length - 1) / 2)]));
        });
      });
      endpoint.listen(0, "127.0.0.1");
      await once(endpoint, "listening");
      const { port } = endpoint.address() as AddressInfo;
      try {
        await api.stripe.webhookEndpoints.create(
          { url: `http://127.0.0.1:${port}/`, enabled_events: ["issuing_authorization.request"] },
          as,
        );
        const declined = await alike((door) => door.authorize({ amount: 1_000 }));
        const approved = await alike((door) => door.authorize({ amount: 1_000 }));

        const answers = [declined, approved].map((each) => [each.request_history[0]?.reason, each.metadata]);
        expect(answers).to.deep.equal([
          ["webhook_declined", {}],
          ["webhook_approved", { seen: "yes" }],
        ]);
        expect(asked).to.have.lengthOf(4);
      } finally {
        endpoint.closeAllConnections();
        endpoint.close();
      }
    });

    it("are equal after a capture, of all that is held, of less or of more", async () => {
      const posted: unknown[] = [];
      for (const amount of [10_000, 4_000, 12_000]) {
        const { status, transactions } = await alike(async (door) => {
          const id = await door.authorize({ amount: 10_000 });
          await door.capture(id, amount);
          return id;
        });
        posted.push([status, transactions.map((one) => one.amount)]);
      }

      expect(posted).to.deep.equal([
        ["closed", [-10_000]],
        ["closed", [-4_000]],
        ["closed", [-12_000]],
      ]);
    });

    it("are equal after captures and a refund by the SDK, of whichever of them", async () => {
      const { as } = doors.program;
      const authorization = await alike(async (door) => {
        const id = await door.authorize({ amount: 10_000 });
        await door.increment(id, 1_000);
        await helpers.capture(id, { capture_amount: 3_000, close_authorization: false }, as);
        const { transactions } = await helpers.capture(id, { capture_amount: 9_000 }, as);
        await api.stripe.testHelpers.issuing.transactions.refund(
          transactions.at(-1)?.id ?? "",
          { refund_amount: 500 },
          as,
        );
        return id;
      });

      const posted = authorization.transactions.map(({ amount, type }) => [type, amount]);
      expect(posted).to.deep.equal([
        ["capture", -3_000],
        ["capture", -9_000],
        ["refund", 500],
      ]);
      expect(authorization.status).to.equal("closed");
    });

    it("are equal when they have expired, by the clock or by the SDK", async () => {
      const { as } = doors.program;
      const byHelper = await alike(async (door) => {
        const id = await door.authorize({ amount: 10_000 });
        await helpers.expire(id, {}, as);
        return id;
      });
      const byClock = await alike(async (door) => {
        const id = await door.authorize({ amount: 10_000 });
        await api.running.clock.advance({ days: 8 });
        return id;
      });

      expect([byHelper.status, byHelper.amount]).to.deep.equal(["expired", 10_000]);
      expect([byClock.status, byClock.amount]).to.deep.equal(["expired", 10_000]);
    });
  });
}
