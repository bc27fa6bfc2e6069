// Joins the parts of the design system that our pages use into one stylesheet,
// and copies the fonts and pictures it names. Usage: node build.mjs <dist>
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

const dsfr = resolve("node_modules/@gouvfr/dsfr/dist");
const dist = resolve(process.argv[2] ?? "dist");
const parts = [
  "core/core",
  ...["link", "button", "connect", "header", "footer", "notice", "alert", "badge", "form", "input", "checkbox", "select", "radio", "skiplink"].map((c) => `component/${c}/${c}`),
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

// darkened keeps the rules of the dark theme, for browsers set to dark: the
// design system switches by script, and our pages have none. Doubling :root
// keeps the weight of the attribute it stands for.
function darkened(css) {
  let out = "";
  for (const [, head, body] of blocks(css)) {
    if (/^@(media|supports)/.test(head)) {
      const inner = darkened(body);
      if (inner) out += `${head}{${inner}}`;
    } else if (head.includes("[data-fr-theme=dark]")) {
      const ours = head.split(",").filter((s) => s.includes("[data-fr-theme=dark]"));
      out += `${ours.join(",").replace(/(:root)?\[data-fr-theme=dark\]/g, ":root:root")}{${body}}`;
    }
  }
  return out;
}

// blocks are a sheet's rules: what stands before the braces, and between them.
function* blocks(css) {
  for (let at = 0, open; (open = css.indexOf("{", at)) > 0; ) {
    let end = open + 1;
    for (let depth = 1; depth > 0; end++) depth += { "{": 1, "}": -1 }[css[end]] ?? 0;
    yield [css.slice(at, end), css.slice(at, open).replace(/^[\s\S]*[;]/, "").replace(/\/\*[\s\S]*?\*\//g, "").trim(), css.slice(open + 1, end - 1)];
    at = end;
  }
}

mkdirSync(dist, { recursive: true });
const sheets = parts.map((part) => {
  const file = join(dsfr, `${part}.main.min.css`);
  return rewrite(readFileSync(file, "utf8"), dirname(file)).replace(/\/\*# sourceMappingURL.*?\*\//g, "");
});
const scheme = readFileSync(join(dsfr, "scheme/scheme.min.css"), "utf8");
const dark = `@media screen and (prefers-color-scheme:dark){${darkened(scheme + sheets.join(""))}}`;
writeFileSync(join(dist, "dsfr.css"), [...sheets, dark].join("\n"));
console.log(`design system: ${parts.length} parts, ${copied.size} files`);
