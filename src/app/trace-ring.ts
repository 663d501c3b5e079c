import type { DecisionTrace } from "../switch/observation.ts";

/** The last traces, oldest first. */
export class TraceRing {
  readonly #traces: (DecisionTrace | undefined)[];
  #count = 0;

  constructor(tracesMax: number) {
    this.#traces = new Array<DecisionTrace | undefined>(tracesMax).fill(undefined);
  }

  add(trace: DecisionTrace): void {
    this.#traces[this.#count++ % this.#traces.length] = trace;
  }

  recent(): DecisionTrace[] {
    const size = this.#traces.length;
    const first = Math.max(this.#count - size, 0);
    const traces: DecisionTrace[] = [];
    for (let no = first; no < this.#count; no++) {
      const trace = this.#traces[no % size];
      if (trace !== undefined) traces.push(trace);
    }
    return traces;
  }
}
