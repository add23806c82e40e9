import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  // A trial's stage stands before /console, so no part may be named from the root.
  base: "./",
  build: {
    outDir: here("./dist"),
    emptyOutDir: true,
    target: "es2023",
    // The content security policy allows files of this origin only: no data: URLs, no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
