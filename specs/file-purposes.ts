/** What a file may be for, as Stripe's guide to uploads lists it, where a card program meets it. */
export interface FilePurpose {
  /** Kinds that are taken; null: any. */
  readonly kinds: readonly FileKind[] | null;
  /** null: as large as an upload may be, `apiFileBytesMax`, which is less than Stripe's 16 MB. */
  readonly bytesMax: number | null;
  /** Days after which it is gone; null: never. Stripe says months and years. */
  readonly daysKept: number | null;
  /** Whether its contents are given back, and links to it can be made. */
  readonly isDownloadable: boolean;
}

export type FileKind = keyof typeof mediaTypes;

/** Media type of each kind of file that is given back under a name of its own; all else is just octets. */
export const mediaTypes = {
  csv: "text/csv",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  gif: "image/gif",
  jpg: "image/jpeg",
  json: "application/json",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
} as const;

const megabyte = 1_048_576;
const scans = ["pdf", "jpg", "png"] as const;
const pictures = ["jpg", "png", "gif"] as const;
const document = { kinds: scans, bytesMax: null, daysKept: null, isDownloadable: false } as const;
const picture = { kinds: pictures, bytesMax: megabyte / 2, daysKept: null, isDownloadable: true } as const;

/** By purpose. Those that are not in it are as `otherPurpose`. */
export const filePurposes: Readonly<Record<string, FilePurpose>> = {
  account_requirement: document,
  additional_verification: document,
  business_icon: picture,
  business_logo: picture,
  dispute_evidence: { kinds: scans, bytesMax: 5 * megabyte, daysKept: 274, isDownloadable: true },
  identity_document: document,
  issuing_logo: { kinds: ["jpg", "png"], bytesMax: 2 * megabyte, daysKept: null, isDownloadable: true },
  issuing_regulatory_reporting: { kinds: ["json"], bytesMax: megabyte / 4, daysKept: 730, isDownloadable: true },
  pci_document: { kinds: ["pdf"], bytesMax: null, daysKept: null, isDownloadable: true },
  tax_document_user_upload: {
    kinds: [...scans, "csv", "docx", "xlsx"],
    bytesMax: null,
    daysKept: null,
    isDownloadable: true,
  },
};

/** What no card program asks for: anything is taken, and not given back. */
export const otherPurpose: FilePurpose = {
  kinds: null,
  bytesMax: null,
  daysKept: null,
  isDownloadable: false,
};
