import type { SyntaxNode } from "unbash";
import { baseName } from "./command-pattern.ts";
import { layersOf } from "./layers.ts";
import { printed } from "./printed.ts";
import { documentOf, resolve, type Variables } from "./word.ts";

/**
 * What a command prints, where its own words tell: `echo`, `printf`, a here-document of `cat`, and what is only passed on.
 *
 * @param input what its standard input holds, where that is known
 */
export function outputOf(node: SyntaxNode, input: string | undefined, variables: Variables): string | undefined {
  switch (node.type) {
    case "Command": {
      if (!node.name) return undefined;
      const words = [node.name, ...node.args].flatMap((part) =>
        part.type === "Word" ? resolve(part, variables).words : [part.text],
      );
      return printedBy(words, documentOf(node.redirects, variables) ?? input);
    }
    case "Redirected":
      return outputOf(node.command, documentOf(node.redirects, variables) ?? input, variables);
    case "Statement":
      return outputOf(node.command, input, variables);
    case "Subshell":
    case "BraceGroup":
      return outputOf(node.body, input, variables);
    case "Pipeline":
      return node.commands.reduce<string | undefined>((text, stage) => outputOf(stage, text, variables), input);
    case "Script":
    case "CompoundList":
    case "AndOr": {
      const texts = node.commands.flatMap((one) => outputOf(one, input, variables) ?? []);
      return texts.length > 0 ? texts.join("\n") : undefined;
    }
    default:
      return undefined;
  }
}

function printedBy(words: readonly string[], input: string | undefined): string | undefined {
  for (const [program = "", ...rest] of layersOf(words)) {
    const name = baseName(program);
    const text = printed([name, ...rest]) ?? (name === "printf" ? rest.join(" ") : undefined);
    if (text !== undefined) return text;
    const passesOn = name === "tee" || (name === "cat" && rest.every((word) => word.startsWith("-")));
    if (passesOn) return input;
  }
  return undefined;
}
