/** How much of a physical card its program can shape. */
export type BundleFeature = "optional" | "required" | "unsupported";

export interface PhysicalBundle {
  /** Stable: its id is made of it. */
  readonly no: number;
  readonly name: string;
  readonly type: "custom" | "standard";
  readonly status: "active" | "inactive" | "review";
  readonly cardLogo: BundleFeature;
  readonly carrierText: BundleFeature;
  readonly secondLine: BundleFeature;
}

/** Card blanks with their carriers, as a manufacturer offers them. The same for every account. */
export const physicalBundles = [
  {
    no: 1,
    name: "Standard black with logo",
    type: "standard",
    status: "active",
    cardLogo: "optional",
    carrierText: "optional",
    secondLine: "optional",
  },
  {
    no: 2,
    name: "Standard white without logo",
    type: "standard",
    status: "active",
    cardLogo: "unsupported",
    carrierText: "optional",
    secondLine: "optional",
  },
  {
    no: 3,
    name: "Custom print with logo",
    type: "custom",
    status: "active",
    cardLogo: "required",
    carrierText: "required",
    secondLine: "unsupported",
  },
  {
    no: 4,
    name: "Custom metal under review",
    type: "custom",
    status: "review",
    cardLogo: "required",
    carrierText: "optional",
    secondLine: "optional",
  },
  {
    no: 5,
    name: "Standard grey, no longer made",
    type: "standard",
    status: "inactive",
    cardLogo: "optional",
    carrierText: "optional",
    secondLine: "optional",
  },
] as const satisfies readonly PhysicalBundle[];
