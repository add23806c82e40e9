import { body } from "../support/sample.ts";
import { tokenRule } from "../support/token.ts";

/**
 * API tokens of PyPI and TestPyPI: macaroons of a fixed beginning.
 *
 * @see https://pypi.org/help/#apitoken
 */
export const pypiToken = tokenRule({
  kind: "PYPI_TOKEN",
  signs: ["pypi-Ag"],
  expression: /pypi-Ag[A-Za-z0-9_-]{50,}/g,

  examples: [`pypi-AgEIcHlwaS5vcmc${body(80)}`],
  counterExamples: ["pypi-Agenda"],
});
