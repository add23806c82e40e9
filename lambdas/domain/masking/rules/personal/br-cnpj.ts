import { isRepeated, weighted } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /\bcnpj\b/i;

/**
 * Brazilian companies, sole traders among them: twelve digits and two checks.
 *
 * @see https://www.gov.br/receitafederal/pt-br/assuntos/orientacao-tributaria/cadastros/cnpj
 */
export const brCnpj = numberRule({
  kind: "BR_CNPJ",
  digits: 14,
  unbroken: true,
  hint: /[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}\/?[0-9]{4}|[0-9]{2}\.[0-9]{3}\.[0-9]{3}\\/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[0-9]{2}(\.?)[0-9]{3}\1[0-9]{3}\/?[0-9]{4}-?[0-9]{2}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) =>
    !isRepeated(number) &&
    [
      [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2],
      [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2],
    ].every((weights) => {
      const rest = weighted(number, weights) % 11;
      return Number(number.charAt(weights.length)) === (rest < 2 ? 0 : 11 - rest);
    }),
  named: NAMED,
  isTelling: (written) => written.includes("/"),
  field: /(?:^|[_. -])cnpj$/i,
  examples: [{ text: "CNPJ 11.222.333/0001-81", secret: "11.222.333/0001-81" }],
  counterExamples: ["11.222.333/0001-82"],
});
