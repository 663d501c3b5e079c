import type { FunctionGround } from "./function-ground.ts";
import type { Scene } from "./scene.ts";

/** What one money function does in one state, as a sentence and a check that throws where it does something else. */
export interface FunctionExample {
  readonly title: string;
  readonly check: (scene: Scene) => Promise<void>;
  /** The cell of the table of operations and outcomes that it reaches. */
  readonly cell?: string;
}

/** Title of the first example that fails, or null where all hold. */
export async function firstFailure(
  examples: readonly FunctionExample[],
  ground: FunctionGround,
): Promise<string | null> {
  for (const { check, title } of examples) {
    try {
      await check(await ground.scene());
    } catch (error) {
      return `${title}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return null;
}
