import { numberRule } from "../support/number-rule.ts";

const NAMED = /\bssn\b|ssn[_ #:=]|social[ _-]?sec|\bss ?#|soc\.? ?sec|tax(?:payer)?[ _-]?id/i;

/**
 * Social Security numbers of the United States, by the areas, groups and serials that can have been given out; nine digits in a row only with their name.
 *
 * @see https://www.ssa.gov/employer/randomization.html
 */
export const usSsn = numberRule({
  kind: "US_SSN",
  digits: 9,
  unbroken: true,
  hint: /[0-9]{3}[- .]?[0-9]{2}[- .]?[0-9]{4}/,
  expression: /(?<![A-Za-z0-9._/+-])[0-9]{3}([- .]?)[0-9]{2}\1[0-9]{4}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) => /^(?!000|666|9)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}$/.test(number),
  named: NAMED,
  isTelling: (written) => /^...-..-/.test(written),
  field:
    /(?:^|[_. -])(?:ssn|social[_. -]?security(?:[_. -]?(?:number|no|num))?)$|(?:Ssn|SSN|SocialSecurityNumber|socialSecurityNumber)$/,
  examples: [
    { text: "SSN 536-90-4399.", secret: "536-90-4399" },
    { text: "social security number: 536904399", secret: "536904399" },
    { text: "ada,536-90-4399,Oslo", secret: "536-90-4399" },
    { text: "SSN 536\u00a090\u00a04399", secret: "536\u00a090\u00a04399" },
    { text: "536–90–4399", secret: "536–90–4399" },
  ],
  counterExamples: ["000-12-3456", "666-12-3456", "900-12-3456", "536-00-4399", "order 536904399", "2026-11-21"],
});
