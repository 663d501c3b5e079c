/** A mutant that no run can tell from the original, and why. */
export interface Survivor {
  readonly file: string;
  readonly lineText: string;
  readonly change: string;
  readonly occurrence: number;
  readonly reason: string;
}

export const survivors: readonly Survivor[] = [];
