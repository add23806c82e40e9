import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  // A trial's stage stands before /console, so no part may be named from the root.
  base: "./",
  // Under a test runner NODE_ENV is "test", and React would bring its slow half along.
  define: { "process.env.NODE_ENV": '"production"' },
  oxc: { jsx: { runtime: "automatic", development: false } },
  build: {
    outDir: here("./dist"),
    emptyOutDir: true,
    target: "es2023",
    // The content security policy allows files of this origin only: no data: URLs, no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The components say "use client", which means something to servers alone.
      onwarn: (warning, warn) => warning.code !== "MODULE_LEVEL_DIRECTIVE" && warn(warning),
      // What changes with React's releases only stays in the browser's cache over ours.
      output: { codeSplitting: { groups: [{ name: "react", test: /node_modules\/(react|react-dom|scheduler)\// }] } },
    },
  },
});
