/** What a request of our own was for. */
export type Purpose = "sign_on" | "sign_off" | "echo" | "stored_advices";

/** Our requests that wait for an answer, by DE7 and DE11: both come back as they were sent. */
export class Correlator {
  readonly #waiting = new Map<string, Purpose>();
  readonly #waitingMax: number;

  constructor(waitingMax: number) {
    this.#waitingMax = waitingMax;
  }

  expect(transmissionTime: string, stan: string, purpose: Purpose): void {
    if (this.#waiting.size >= this.#waitingMax) this.#forgetOldest();
    this.#waiting.set(transmissionTime + stan, purpose);
  }

  /** What an answer is for, once; null where it answers nothing of ours. */
  take(transmissionTime: string, stan: string): Purpose | null {
    const key = transmissionTime + stan;
    const purpose = this.#waiting.get(key) ?? null;
    this.#waiting.delete(key);
    return purpose;
  }

  #forgetOldest(): void {
    for (const key of this.#waiting.keys()) {
      this.#waiting.delete(key);
      return;
    }
  }
}
