import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import { fields } from "../../../src/store/keys.ts";
import type { FunctionExample } from "./example.ts";
import { eightBytes } from "./packed.ts";
import type { Scene } from "./scene.ts";

const { PIN_RIGHT, PIN_WRONG, REFUSED_FOR_FUNDS, REFUSED_FOR_PIN_BLOCKED } = luaConstants;
const wrong = 12;

export const pinExamples: readonly FunctionExample[] = [
  {
    title: "declines the first two wrong PINs as told, and the third as one too many",
    check: async (scene) => {
      const answers = [await tried(scene, 1), await tried(scene, 2), await tried(scene, 3)];

      expect(answers.map(reasonOf)).to.deep.equal([wrong, wrong, REFUSED_FOR_PIN_BLOCKED]);
      expect(await triesOf(scene)).to.equal("0103");
      expect(await scene.money()).to.equal("10000 available, 0 held");
    },
  },
  {
    title: "does not look at a PIN that is locked, right or wrong, and counts it no more",
    check: async (scene) => {
      for (const no of [1, 2, 3]) await tried(scene, no);

      const right = await scene.authorize({ message_key: eightBytes("right"), pin: PIN_RIGHT });
      expect(reasonOf(right)).to.equal(REFUSED_FOR_PIN_BLOCKED);
      expect(reasonOf(await tried(scene, 4))).to.equal(REFUSED_FOR_PIN_BLOCKED);
      expect(await triesOf(scene)).to.equal("0103");
    },
  },
  {
    title: "begins to count anew after a right PIN, also where the funds are short, and keeps no field then",
    check: async (scene) => {
      await tried(scene, 1);
      await tried(scene, 2);

      const poor = await scene.authorize({ message_key: eightBytes("poor"), pin: PIN_RIGHT, amount: 10_001 });

      expect(reasonOf(poor)).to.equal(REFUSED_FOR_FUNDS);
      expect(await triesOf(scene)).to.equal(null);
      expect(reasonOf(await tried(scene, 3))).to.equal(wrong);
    },
  },
  {
    title: "gives a repeat its first answer and counts nothing for it",
    check: async (scene) => {
      const first = await tried(scene, 1);

      expect(await tried(scene, 1)).to.equal(`duplicate of ${first}`);
      expect(await triesOf(scene)).to.equal("0101");
    },
  },
  {
    title: "counts the tries of each card of a chain by themselves",
    check: async (scene) => {
      for (const no of [1, 2, 3]) await tried(scene, no);

      const other = await scene.authorize({ message_key: eightBytes("other"), pin: PIN_RIGHT, card_no: 8 });
      expect(other).to.match(/^approved/);
      expect(await triesOf(scene)).to.equal("0103");
    },
  },
  {
    title: "counts a wrong PIN of a 0200 with those of 0100s, and posts nothing for the one too many",
    check: async (scene) => {
      await tried(scene, 1);
      await tried(scene, 2);

      const answer = await scene.post({ message_key: eightBytes("post"), pin: PIN_WRONG, refusal: wrong });
      expect(reasonOf(answer)).to.equal(REFUSED_FOR_PIN_BLOCKED);
      expect(await triesOf(scene)).to.equal("0103");
      const right = await scene.post({ message_key: eightBytes("post2"), pin: PIN_RIGHT });
      expect(reasonOf(right)).to.equal(REFUSED_FOR_PIN_BLOCKED);
      expect(await scene.money()).to.equal("10000 available, 0 held");
    },
  },
  {
    title: "counts nothing where no PIN came, in a 0100 and in a 0200",
    check: async (scene) => {
      await scene.authorize({ message_key: eightBytes("one"), refusal: wrong });
      await scene.post({ message_key: eightBytes("two"), refusal: wrong });

      expect(await triesOf(scene)).to.equal(null);
    },
  },
  {
    title: "counts no PIN of a message that was reversed before it came",
    check: async (scene) => {
      await scene.reverse({ undo_key: eightBytes("try1") });

      expect(await tried(scene, 1)).to.match(/^reversed_before/);
      expect(await triesOf(scene)).to.equal(null);

      await scene.reverse({ message_key: eightBytes("undo2"), undo_key: eightBytes("post") });
      const post = await scene.post({ message_key: eightBytes("post"), pin: PIN_WRONG, refusal: wrong });
      expect(post).to.match(/^reversed_before/);
      expect(await triesOf(scene)).to.equal(null);
    },
  },
  {
    title: "stops at tries of a format that it does not know, and writes nothing",
    check: async (scene) => {
      await scene.put(scene.chain, fields.pinTries(7), Buffer.of(9, 1));

      expect(await tried(scene, 1)).to.match(/tries: unknown format 9/);
      expect(await scene.entryCount()).to.equal(0);
    },
  },
];

function tried(scene: Scene, no: number): Promise<string> {
  return scene.authorize({ message_key: eightBytes(`try${no}`), pin: PIN_WRONG, refusal: wrong });
}

function reasonOf(answer: string): number {
  return Number(/for (\d+)/.exec(answer)?.[1] ?? 0);
}

async function triesOf(scene: Scene): Promise<string | null> {
  const kept = await scene.redis.hgetBuffer(scene.chain, fields.pinTries(7));
  return kept === null ? null : kept.toString("hex");
}
