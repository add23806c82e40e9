import { baseName } from "./command-pattern.ts";
import { hasLetter } from "./options.ts";

/** The files that a command fetches from elsewhere, as it names them: what they hold is not in the script. */
export function downloadedBy([program = "", ...rest]: readonly string[]): readonly string[] {
  const named = (option: RegExp) =>
    rest.flatMap((word, at) => {
      const next = rest[at + 1];
      if (word.startsWith("--") && word.includes("=")) {
        const [name = "", ...value] = word.split("=");
        return option.test(name) ? [value.join("=")] : [];
      }
      return option.test(word) && next !== undefined ? [next] : [];
    });
  const lastOfUrls = () => rest.filter((word) => !word.startsWith("-") && word.includes("/")).map(lastPart);
  switch (baseName(program)) {
    case "curl":
      return [
        ...named(/^(?:-[A-Za-z]*o|--output)$/),
        ...(rest.some((word) => hasLetter(word, "O") || /^--remote-name(?:-all)?$/.test(word)) ? lastOfUrls() : []),
      ];
    case "wget":
    case "aria2c": {
      const chosen = named(/^(?:-[A-Za-z]*[Oo]|--output-document|--out)$/);
      return chosen.length > 0 ? chosen : lastOfUrls();
    }
    case "scp":
    case "rsync":
    case "gsutil":
    case "aws": {
      const places = rest.filter((word) => !word.startsWith("-"));
      return places.slice(0, -1).some((place) => /^[\w.@-]+:/.test(place)) ? places.slice(-1) : [];
    }
    default:
      return [];
  }
}

const lastPart = (url: string) => (url.split(/[?#]/, 1)[0] ?? "").split("/").at(-1) ?? "";
