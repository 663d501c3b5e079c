import { Queue, Worker } from "bullmq";

export interface DeliveryQueueOptions {
  readonly redis:
    | { readonly path: string }
    | { readonly host: string; readonly port: number; readonly password?: string };
  /** Of every key: data sets may share a Redis. */
  readonly prefix: string;
  /** Deliveries under way at the same time. */
  readonly concurrency: number;
  /** Tries a delivery; what comes of it stands in the deliveries, not in the queue. */
  readonly attempt: (delivery: number) => Promise<void>;
  readonly onError: (error: Error) => void;
}

interface Job {
  readonly delivery: number;
}

const queueName = "deliveries";

/**
 * Deliveries that are due now, on BullMQ. Everything in it can be made again from the deliveries, so nothing is kept here:
 * a job that is lost with its Redis is put in again, and one that is there twice finds its delivery settled.
 */
export class DeliveryQueue {
  readonly #queue: Queue<Job>;
  readonly #worker: Worker<Job>;

  constructor(options: DeliveryQueueOptions) {
    const { redis, prefix, concurrency, attempt, onError } = options;
    this.#queue = new Queue<Job>(queueName, { connection: { ...redis, maxRetriesPerRequest: 1 }, prefix });
    this.#worker = new Worker<Job>(queueName, (job) => attempt(job.data.delivery), {
      connection: { ...redis, maxRetriesPerRequest: null },
      prefix,
      concurrency,
    });
    this.#queue.on("error", onError);
    this.#worker.on("error", onError);
  }

  /** Rejects where the queue's Redis does not answer. */
  async add(deliveries: readonly { readonly id: number; readonly attempts: number }[]): Promise<void> {
    const jobs = deliveries.map(({ id, attempts }) => ({
      name: "deliver",
      data: { delivery: id },
      // A job with the id of one that waits already is not added again.
      opts: { jobId: `delivery-${id}-${attempts}`, removeOnComplete: true, removeOnFail: true },
    }));
    await this.#queue.addBulk(jobs);
  }

  /** Waits for the tries that are under way. */
  async close(): Promise<void> {
    await this.#worker.close();
    await this.#queue.close();
  }
}
