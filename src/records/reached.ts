/**
 * What became of waiting for an entry. `read`: it lies in the journal and is not recorded yet, while all commits before it
 * are. `late`: the time is over, or nobody records any more.
 */
export type Reached =
  | { readonly kind: "recorded" }
  | { readonly kind: "read"; readonly bytes: Uint8Array }
  | { readonly kind: "late" };
