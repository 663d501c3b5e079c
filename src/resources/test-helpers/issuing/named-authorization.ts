import { type Network, networks } from "../../../../specs/networks.ts";
import { apiIdentityOf } from "../../../authorizer/api-identity.ts";
import { must } from "../../../kernel/assert.ts";
import type { Place } from "../../../kernel/ids.ts";
import type { Pan } from "../../../kernel/pan.ts";
import {
  type AuthorizationHistory,
  type FirstEntry,
  foldAuthorization,
} from "../../../ledger/authorization-history.ts";
import type { MerchantText } from "../../../store/entry-part.ts";
import { touches } from "../../../store/entry.ts";
import type { Call } from "../../call.ts";
import { authorizationOf } from "../../issuing/authorization-routes.ts";
import { type CardBody, openPan } from "../../issuing/cards.ts";
import { readObject } from "../../program.ts";
import { entriesOfAuthorization } from "../../recorded-entries.ts";

/** An authorization that a test helper acts on, wherever it was born: what its messages say, and what it is now. */
export interface NamedAuthorization {
  readonly place: Place;
  readonly first: FirstEntry;
  readonly history: AuthorizationHistory;
  readonly network: Network;
  readonly card: CardBody;
  readonly pan: Pan;
  /** Message key under which its hold lies. */
  readonly holdKey: Uint8Array;
  readonly merchant: MerchantText;
  /** The request has been here before, with the same key: what stands in its way today did not stand there then. */
  readonly isRepeat: boolean;
  /** Its hold has expired by this entry; 0: it has not. */
  readonly expiredNo: number;
}

/** The authorization that the path names. Throws `resource_missing` where it is not the acting account's. */
export async function namedAuthorization<Params>(call: Call<Params>): Promise<NamedAuthorization> {
  const place = authorizationOf(call);
  return readAuthorization(call, place);
}

export async function readAuthorization(
  call: Pick<Call<unknown>, "fingerprint" | "identity" | "program" | "records">,
  place: Place,
): Promise<NamedAuthorization> {
  const { records, program } = call;
  const entries = entriesOfAuthorization(records, place, null);
  const history = foldAuthorization(entries);
  const { first } = history;
  const { stan } = apiIdentityOf(call.identity, call.fingerprint);
  const cardPlace = { shard: place.shard, no: first.card };
  const { body: card } = await readObject<CardBody>(program, "card", cardPlace);
  return {
    place,
    first,
    history,
    network: networkOf(first.network),
    card,
    pan: openPan(program, cardPlace, card),
    holdKey: holdKeyOf(first),
    merchant: first.merchant ?? merchantIn(call, first),
    isRepeat: entries.some((entry) => entry !== first && "stan" in entry && entry.stan === stan),
    expiredNo: entries.find(({ kind }) => kind === "expiry")?.no ?? 0,
  };
}

// The text stands in the first entry that needed it.
function merchantIn({ records }: Pick<Call<unknown>, "records">, { merchantKey }: FirstEntry): MerchantText {
  const recorded = records.merchant(merchantKey);
  if (recorded === null) return { terminal: "", id: "", nameLocation: "" };
  return { terminal: recorded.terminal, id: recorded.merchantId, nameLocation: recorded.nameLocation };
}

// An advice of something unheard of put its hold where the 0100 would have.
function holdKeyOf(first: FirstEntry): Uint8Array {
  const isUnheardOf = first.kind === "advice" && first.touched !== touches.decline;
  return isUnheardOf ? first.authorizationKey : first.messageKey;
}

function networkOf(number: number): Network {
  const names = Object.keys(networks) as Network[];
  return must(
    names.find((name) => networks[name] === number),
    "an entry names a network",
  );
}
