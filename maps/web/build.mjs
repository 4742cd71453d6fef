/**
 * Bundles src/main.js and styles/main.css into dist/, with the licences of what went in; beside them src/ranking.js and
 * styles/ranking.css, which only a page with a ranking holds.
 * Equal inputs give equal bytes. dist/digest lists the inputs with their SHA-256, and is
 * written last: where it fits the files, dist/ is up to date.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = join(HERE, "dist");
const SINGLE_INPUTS = ["build.mjs", "package-lock.json"];
const FOLDERS = ["src", "styles"];
const LICENCE_FILE = /^(licen[cs]e|copying|unlicense)(\.(md|txt))?$/i;
const README_FILE = /^readme(\.(md|txt))?$/i;
const LICENCE_SECTION = /^#+ *licen[cs]e *\n([^#]+)/im;

/** Options that scripts and styles share. */
const COMMON = {
  absWorkingDir: HERE,
  bundle: true,
  write: false,
  mainFields: ["module", "main"], // not "browser": such builds hold other packages unnamed
  metafile: true,
  minify: true,
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
};

/** Of proj4 goes in what EPSG:4547 asks for: one projection, one datum, no WKT, no grids and no list of codes. */
const PROJ4_PARTS = {
  "proj4/lib/index.js": `import proj4 from "./core"; import Proj from "./Proj"; import transverseMercator from "./projections/etmerc";
    Proj.projections.add(transverseMercator);
    export default proj4;`,
  "proj4/lib/global.js": 'export default (defs) => defs("WGS84", "+proj=longlat +datum=WGS84 +units=degrees");',
  "proj4/lib/constants/Datum.js": 'export default { wgs84: { towgs84: "0,0,0", ellipse: "WGS84", datumName: "WGS84" } };',
  "proj4/lib/nadgrid.js": "export const getNadgrids = () => null;",
  "wkt-parser/index.js": 'export default () => { throw new Error("no WKT"); };',
};
const ONE_PROJECTION = {
  name: "one-projection",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/](proj4|wkt-parser)[\\/]/ }, ({ path }) => {
      const name = path.split(sep).join("/").split("/node_modules/").at(-1);
      return Object.hasOwn(PROJ4_PARTS, name) ? { contents: PROJ4_PARTS[name], resolveDir: dirname(path) } : null;
    });
  },
};

/**
 * Leaflet as modules, without the fault that its probe for Internet Explorer throws at every start: a browser that is
 * being watched then reads the whole bundle again, to say where.
 */
const LEAFLET = "leaflet/dist/leaflet-src.esm.js";
const NO_PROBE = {
  name: "no-probe",
  setup({ onLoad }) {
    onLoad({ filter: /leaflet-src\.esm\.js$/ }, async ({ path }) => {
      const [before, after, ...others] = (await readFile(path, "utf8")).split("document.namespaces.add(");
      if (!after || others.length) throw new Error("Leaflet's probe is not where it was");
      return { contents: `${before}document.namespaces?.add(${after}` };
    });
  },
};

/** The script of the ranking takes what the page's script holds from there: all that src/shared.js names, and no more. */
function takesFromPage(held, names) {
  const inPage = new Set(Object.keys(held).map((name) => join(HERE, name)));
  return {
    name: "takes-from-page",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^page$/ }, () => ({ path: "page", namespace: "page" }));
      onLoad({ filter: /.*/, namespace: "page" }, () => ({ contents: `export const { ${names.join(", ")} } = window.parksite.shared;` }));
      onLoad({ filter: /\.js$/ }, ({ path }) => (inPage.has(path) ? { contents: 'export * from "page";' } : null));
    },
  };
}

/** The digest of the inputs: one line a file, as `sha256sum` writes it. */
async function digest() {
  const names = [...SINGLE_INPUTS];
  for (const folder of FOLDERS) {
    for (const entry of await readdir(join(HERE, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && !entry.name.startsWith(".")) {
        names.push(join(entry.parentPath, entry.name).slice(HERE.length + 1).split(sep).join("/"));
      }
    }
  }
  const lines = names.sort().map(async (name) => {
    const hash = createHash("sha256").update(await readFile(join(HERE, name))).digest("hex");
    return `${hash}  ${name}\n`;
  });
  return (await Promise.all(lines)).join("");
}

/** Folder of the npm package that a bundled file belongs to, or null. */
function packageFolder(input) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0] ?? null;
}

/** Text of a package's licence: its file, else that section of its read-me; null without one. */
async function licenceText(folder) {
  const names = await readdir(folder);
  const file = names.find((one) => LICENCE_FILE.test(one));
  if (file) return (await readFile(join(folder, file), "utf8")).trim();
  const guide = names.find((one) => README_FILE.test(one));
  const section = guide && LICENCE_SECTION.exec(await readFile(join(folder, guide), "utf8"));
  return section ? section[1].trim() : null;
}

/** Name, version and licence of every npm package in the bundles, by name. */
async function libraries(metafiles) {
  const bundled = metafiles.flatMap((one) => Object.values(one.outputs)).flatMap((one) => Object.entries(one.inputs));
  const folders = new Set(bundled.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([input]) => packageFolder(input)));
  folders.delete(null);
  const found = [];
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(await readFile(join(HERE, folder, "package.json"), "utf8"));
    const text = await licenceText(join(HERE, folder));
    if (!text || !license) throw new Error(`the npm package ${name} does not state its licence in full`);
    found.push({ name, version, licence: license, text });
  }
  return found.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Replaces a file of dist/ whole, so that a reader never sees half of it. */
async function write(name, content) {
  const draft = join(DIST, `.${name}.${process.pid}`);
  await writeFile(draft, content);
  await rename(draft, join(DIST, name));
}

async function main() {
  const inputs = await digest();
  const scripts = await build({
    ...COMMON,
    entryPoints: ["src/main.js"],
    format: "iife",
    platform: "browser",
    alias: { leaflet: LEAFLET },
    plugins: [ONE_PROJECTION, NO_PROBE],
  });
  const styles = await build({
    ...COMMON,
    stdin: {
      contents: '@import "leaflet/dist/leaflet.css";\n@import "./main.css";\n',
      resolveDir: join(HERE, "styles"),
      sourcefile: "styles/all.css",
      loader: "css",
    },
    loader: { ".png": "dataurl", ".svg": "dataurl" },
  });
  const shared = await build({ ...COMMON, entryPoints: ["src/shared.js"], format: "esm", alias: { leaflet: LEAFLET }, plugins: [ONE_PROJECTION, NO_PROBE] });
  const [{ exports: names }] = Object.values(shared.metafile.outputs);
  const ranking = await build({
    ...COMMON,
    entryPoints: ["src/ranking.js"],
    format: "iife",
    platform: "browser",
    plugins: [takesFromPage(scripts.metafile.inputs, names)],
  });
  const rankingStyles = await build({ ...COMMON, entryPoints: ["styles/ranking.css"] });
  const used = await libraries([scripts.metafile, styles.metafile]);
  await mkdir(DIST, { recursive: true });
  await write("parksite.js", scripts.outputFiles[0].contents);
  await write("parksite.css", styles.outputFiles[0].contents);
  await write("ranking.js", ranking.outputFiles[0].contents);
  await write("ranking.css", rankingStyles.outputFiles[0].contents);
  await write("libraries.json", `${JSON.stringify(used, null, 1)}\n`);
  await write("digest", inputs);
}

main().catch((fault) => {
  // esbuild has already said where its own faults are
  console.error(fault.errors ? `the bundle was not made: ${fault.errors.length} errors` : fault.message);
  process.exitCode = 1;
});
