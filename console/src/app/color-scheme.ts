/** Follows the reader's choice of light or dark; the components know it by a class. */
export function followColorScheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.body.classList.toggle("awsui-dark-mode", dark.matches);
  dark.addEventListener("change", apply);
  apply();
}
