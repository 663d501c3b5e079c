import type { FieldSpec, Sensitivity } from "../../specs/dialect.ts";
import { iso87Ascii } from "../../specs/dialects/iso87-ascii.ts";

const usual: Readonly<Record<number, FieldSpec>> = iso87Ascii.fields;

/** How a data element may be shown, as in plain ISO 8583:1987. What nobody has described is secret. */
export function usualSensitivity(number: string): Sensitivity | null {
  const field = usual[Number(number)];
  return field === undefined ? "secret" : (field.sensitive ?? null);
}
