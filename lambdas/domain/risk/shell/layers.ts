import { innerOf } from "./unwrap.ts";

const MOST_LAYERS = 12;

/** A command, and the commands that it runs: `sudo -u x sh`. */
export function layersOf(words: readonly string[]): readonly (readonly string[])[] {
  const layers = [words];
  for (let at = 0; at < layers.length && layers.length < MOST_LAYERS; at += 1)
    for (const inner of innerOf(layers[at] ?? [])) if (inner.kind === "command") layers.push(inner.words);
  return layers;
}
