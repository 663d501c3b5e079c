import Mocha from "mocha";

/** Mocha's spec, which besides tells bin/test.mjs how it ended. */
export default class TestReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = runner.stats;
      process.send?.({ passed: passes, failed: failures, skipped: pending });
    });
  }
}
