// Builds both scripts into the folder given as argument: `node build.mjs ../engine/static`. Same sources, same bytes.
import { cpSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "vite";

const root = import.meta.dirname;
const out = resolve(process.argv[2] ?? "../engine/static");

function script(name) {
  return build({
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    build: {
      outDir: out,
      emptyOutDir: false,
      target: "es2023",
      minify: true,
      sourcemap: false,
      // One classic script: a product's page embeds it from another origin without CORS, and `currentScript` tells where Parlance is.
      lib: { entry: resolve(root, `src/${name}.ts`), name: `parlance_${name}`, formats: ["iife"], fileName: () => `${name}.js` },
      rolldownOptions: { output: { postBanner: "/*! Parlance, Apache-2.0. Includes Lit, Copyright Google LLC, BSD-3-Clause: see THIRD-PARTY.txt */" } },
    },
  });
}

mkdirSync(out, { recursive: true });
cpSync(resolve(root, "pages"), out, { recursive: true });
for (const name of ["panel", "console"]) await script(name);
