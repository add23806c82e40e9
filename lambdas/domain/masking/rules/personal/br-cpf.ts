import { isRepeated } from "../support/checksums.ts";
import { numberRule } from "../support/number-rule.ts";

const NAMED = /\bcpf\b|cadastro de pessoa|contribuinte/i;

/**
 * Brazilian taxpayers: nine digits and two checks.
 *
 * @see https://www.gov.br/receitafederal/pt-br/assuntos/meu-cpf
 */
export const brCpf = numberRule({
  kind: "BR_CPF",
  digits: 11,
  unbroken: true,
  hint: /[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}[- ]?[0-9]{2}/,
  expression:
    /(?<![A-Za-z0-9._/+-]|[0-9],)[0-9]{3}(\.?)[0-9]{3}\1[0-9]{3}-?[0-9]{2}(?![A-Za-z0-9_]|[.-][0-9]|,[0-9]{3}(?![0-9-]))/g,
  isValid: (number) =>
    !isRepeated(number) &&
    [9, 10].every((length) => {
      let sum = 0;
      for (let at = 0; at < length; at += 1) sum += Number(number.charAt(at)) * (length + 1 - at);
      return ((sum * 10) % 11) % 10 === Number(number.charAt(length));
    }),
  named: NAMED,
  isTelling: (written) => /[.-]/.test(written),
  field: /(?:^|[_. -])cpf$/i,
  examples: [
    { text: "CPF 529.982.247-25", secret: "529.982.247-25" },
    { text: "cpf: 52998224725", secret: "52998224725" },
  ],
  counterExamples: ["529.982.247-26", "52998224725"],
});
