import { expect } from "chai";
import { merchantCategories } from "../../specs/merchant-categories.ts";
import { MerchantCategoryIndex } from "../../src/kernel/merchant-category.ts";

const slugs = Object.keys(merchantCategories.codes);
const codes = Object.values(merchantCategories.codes).flat();
const index = new MerchantCategoryIndex(merchantCategories);

describe("specs/merchant-categories", () => {
  it("has the API's 295 categories in its order", () => {
    expect(slugs).to.have.length(295);
    expect(slugs).to.deep.equal([...slugs].sort(byCharacter));
  });

  it("gives every category but miscellaneous exactly one code of four digits, and no code twice", () => {
    const without = Object.entries(merchantCategories.codes).filter(([, own]) => own.length !== 1);

    expect(without).to.deep.equal([["miscellaneous", []]]);
    expect(new Set(codes).size).to.equal(294);
    for (const code of codes) expect(code).to.match(/^\d{4}$/);
  });

  it("keeps the leading zero of the agricultural codes", () => {
    expect(index.categoryOf("0763")).to.equal("agricultural_cooperative");
    expect(index.categoryOf("0742")).to.equal("veterinary_services");
    expect(index.categoryOf("0780")).to.equal("landscaping_services");
    expect(index.categoryOf("763")).to.equal("miscellaneous");
  });

  it("spells the API's oddities as the API does", () => {
    expect(index.categoryOf("7801")).to.equal("government_licensed_online_casions_online_gambling_us_region_only");
    expect(index.categoryOf("5111")).to.equal("stationary_office_supplies_printing_and_writing_paper");
    expect(index.categoryOf("5571")).to.equal("motorcycle_shops_and_dealers");
    expect(index.categoryOf("5561")).to.equal("motorcycle_shops_dealers");
    expect(index.categoryOf("7511")).to.equal("truck_stop_iteration");
    expect(index.categoryOf("4723")).to.equal("t_ui_travel_germany");
  });

  it("knows the codes that purchases meet every day", () => {
    const everyday = {
      "4121": "taxicabs_limousines",
      "4814": "telecommunication_services",
      "5311": "department_stores",
      "5411": "grocery_stores_supermarkets",
      "5541": "service_stations",
      "5542": "automated_fuel_dispensers",
      "5812": "eating_places_restaurants",
      "5814": "fast_food_restaurants",
      "5912": "drug_stores_and_pharmacies",
      "5999": "miscellaneous_specialty_retail",
      "6011": "automated_cash_disburse",
      "7995": "betting_casino_gambling",
      "8062": "hospitals",
    };

    for (const [code, slug] of Object.entries(everyday)) expect(index.categoryOf(code), code).to.equal(slug);
  });

  it("puts an airline, a car rental company and a hotel chain with codes of their own into their trade", () => {
    expect(index.categoryOf("3000")).to.equal("airlines_air_carriers");
    expect(index.categoryOf("3350")).to.equal("airlines_air_carriers");
    expect(index.categoryOf("3351")).to.equal("car_rental_agencies");
    expect(index.categoryOf("3500")).to.equal("car_rental_agencies");
    expect(index.categoryOf("3501")).to.equal("hotels_motels_and_resorts");
    expect(index.categoryOf("3999")).to.equal("hotels_motels_and_resorts");
    expect(index.categoryOf("2999")).to.equal("miscellaneous");
    expect(index.categoryOf("4000")).to.equal("miscellaneous");
  });

  it("has no range that overlaps another or claims a code of another category", () => {
    const owner = new Map(Object.entries(merchantCategories.codes).flatMap(([slug, own]) => own.map((c) => [c, slug])));
    const claimed = new Set<string>();

    for (const { category, from, to } of merchantCategories.ranges) {
      for (let code = Number(from); code <= Number(to); code++) {
        const text = String(code);
        expect(claimed.has(text), text).to.equal(false);
        expect(owner.get(text) ?? category, text).to.equal(category);
        claimed.add(text);
      }
    }
  });

  it("calls a code that nobody has assigned miscellaneous", () => {
    expect(index.categoryOf("0000")).to.equal("miscellaneous");
    expect(index.categoryOf("9999")).to.equal("miscellaneous");
    expect(index.codesOf("miscellaneous")).to.deep.equal([]);
  });

  it("leads from a category back to all its codes", () => {
    expect(index.codesOf("agricultural_cooperative")).to.deep.equal(["0763"]);
    expect(index.codesOf("airlines_air_carriers")).to.have.length(352).and.to.include.members(["3000", "3350", "4511"]);
  });
});

function byCharacter(a: string, b: string): number {
  return a < b ? -1 : 1;
}
