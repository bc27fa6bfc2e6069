// Joins the parts of the design system that our pages use into one stylesheet,
// and copies the fonts and pictures it names. Usage: node build.mjs <dist>
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

const dsfr = resolve("node_modules/@gouvfr/dsfr/dist");
const dist = resolve(process.argv[2] ?? "dist");
const parts = [
  "core/core",
  ...["link", "button", "connect", "header", "footer", "notice", "alert", "badge", "form", "input", "checkbox", "skiplink"].map((c) => `component/${c}/${c}`),
];

const copied = new Map();

// place copies a file once and returns its name in dist. Names hold a hash:
// two folders of the design system may use one name.
function place(file) {
  if (!copied.has(file)) {
    const hash = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 8);
    const name = `${hash}-${basename(file)}`;
    cpSync(file, join(dist, name));
    copied.set(file, name);
  }
  return copied.get(file);
}

// rewrite points a part's url(...) at the copies. Only woff2 fonts are kept:
// every browser that knows the rest of our styles reads them.
function rewrite(css, folder) {
  return css
    .replace(/,\s*url\([^)]*\.woff\)\s*format\(["']?woff["']?\)/g, "")
    .replace(/url\((["']?)([^)"']+)\1\)/g, (whole, _, target) => {
      if (target.startsWith("data:")) return whole;
      const file = join(folder, target.split(/[?#]/)[0]);
      if (!existsSync(file)) throw new Error(`${target} named by the stylesheet does not exist`);
      return `url(${place(file)})`;
    });
}

mkdirSync(dist, { recursive: true });
const sheets = parts.map((part) => {
  const file = join(dsfr, `${part}.main.min.css`);
  return rewrite(readFileSync(file, "utf8"), dirname(file)).replace(/\/\*# sourceMappingURL.*?\*\//g, "");
});
writeFileSync(join(dist, "dsfr.css"), sheets.join("\n"));
console.log(`design system: ${parts.length} parts, ${copied.size} files`);
