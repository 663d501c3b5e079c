import type { Place } from "../kernel/ids.ts";
import type { Delivery } from "../records/deliveries.ts";

/**
 * Whose turn it is: how many deliveries to each endpoint are under way. An endpoint that hangs keeps a few tries busy and
 * not all of them, so that no tenant can silence the others; after a failure it gets one at a time until it takes one
 * (rules: Clocks).
 */
export class DeliveryTurns {
  readonly #eachMax: number;
  readonly #endpoints = new Map<number, string>();
  readonly #busy = new Map<string, number>();
  readonly #failing = new Set<string>();

  /** `eachMax`: deliveries under way to one endpoint. */
  constructor(eachMax: number) {
    this.#eachMax = eachMax;
  }

  /** How many of what is due to an endpoint have to be looked at, those under way among them; 0: none may begin. */
  rowsMax(endpoint: Place): number {
    const name = nameOf(endpoint);
    const busy = this.#busy.get(name) ?? 0;
    const most = this.#failing.has(name) ? 1 : this.#eachMax;
    return busy < most ? most + busy : 0;
  }

  /** Takes of what is due to one endpoint, the earliest first, what may begin now. A retry goes alone. */
  begin(due: readonly Delivery[]): Delivery[] {
    const begun: Delivery[] = [];
    for (const delivery of due) {
      if (this.#endpoints.has(delivery.id)) continue;
      const name = nameOf(delivery.endpoint);
      const busy = this.#busy.get(name) ?? 0;
      const most = this.#failing.has(name) || delivery.attempts > 0 ? 1 : this.#eachMax;
      if (busy >= most) break;
      this.#endpoints.set(delivery.id, name);
      this.#busy.set(name, busy + 1);
      begun.push(delivery);
    }
    return begun;
  }

  /** A delivery is under way no more. True: so many turns are free that more should begin. */
  end(delivery: number): boolean {
    const name = this.#endpoints.get(delivery);
    if (name === undefined) return false;
    this.#endpoints.delete(delivery);
    const busy = (this.#busy.get(name) ?? 0) - 1;
    if (busy > 0) this.#busy.set(name, busy);
    else this.#busy.delete(name);
    // Asked for at every end, what waits would be looked through once for each delivery.
    return busy <= this.#eachMax / 2;
  }

  /** Whether the endpoint has taken what it was last told. */
  note(endpoint: Place, isTaken: boolean): void {
    if (isTaken) this.#failing.delete(nameOf(endpoint));
    else this.#failing.add(nameOf(endpoint));
  }

  /** Nobody knows any more what is under way: all of it may begin again. */
  forget(): void {
    this.#endpoints.clear();
    this.#busy.clear();
  }
}

function nameOf({ shard, no }: Place): string {
  return `${shard}/${no}`;
}
