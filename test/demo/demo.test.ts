import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage } from "../../demo/open-stage.ts";
import type { Stage } from "../../demo/stage.ts";
import { STEPS } from "../../demo/steps/index.ts";

describe("the main job, step by step", () => {
  let stage: Stage;
  const said: string[] = [];
  beforeAll(async () => {
    stage = await openStage((evidence) => said.push(evidence));
  }, 120_000);
  afterAll(() => stage?.stack.stop(), 30_000);

  for (const step of STEPS)
    test(step.title, async () => {
      const before = said.length;
      await step.play(stage);
      expect(said.length, "a step that holds shows its evidence").toBeGreaterThan(before);
    }, 60_000);
});
