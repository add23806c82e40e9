/**
 * Whether a JSON number keeps its value when it is read as a double and written again. `1.0`, `1e2` and `-0` do;
 * 9007199254740993 and 1e400 do not.
 *
 * @param source a number as JSON writes it
 */
export function survivesRoundTrip(source: string): boolean {
  const value = Number(source);
  return Number.isFinite(value) && normal(source) === normal(String(value));
}

/** Significant digits without zeros at either end, and the power of ten of the last: one text for one magnitude and sign. */
function normal(source: string): string {
  const negative = source.startsWith("-");
  const [mantissa = "", exponent = "0"] = (negative ? source.slice(1) : source).toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = whole + fraction;
  // Loops, for /0+$/ takes quadratic time on a long run of zeros.
  let first = 0;
  while (digits[first] === "0") first += 1;
  let end = digits.length;
  while (end > first && digits[end - 1] === "0") end -= 1;
  if (first === end) return "0";
  const power = Number(exponent) - fraction.length + (digits.length - end);
  return `${negative ? "-" : ""}${digits.slice(first, end)}e${power}`;
}
