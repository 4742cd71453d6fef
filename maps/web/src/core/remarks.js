/**
 * Sites placed, and what is to be remarked of them; the rules of geo/remarks.py.
 *
 * Where an undeclared position would lie in another datum; a district other than the one that the file
 * names; a file of sites that lie elsewhere; every fault of a rejected row.
 */

import { oneLine, quoted } from "./quoted.js";
import { evenOut } from "./spelling.js";

const SLICE = 100; // sites between two signs of progress
const WEB_DATUMS = ["gcj02", "bd09"];
const OUTSIDE = ["市域外", "outside the city"];

/**
 * Locates settled sites.
 *
 * @param {object[]} sites of `settle`
 * @param {{locate: Function, ground: object, datums: object, places: object}} tools `places`: of the page's data
 * @returns {Generator<number, object[]>} rows for `makeStore`
 */
export function* placeSites(sites, { locate, ground, datums, places }) {
  const named = placeFinder(places);
  const rows = [];
  for (const site of sites) {
    const location = locate(ground, site.geometry);
    rows.push({
      ...site,
      lon: location.lon,
      lat: location.lat,
      location,
      shifted: site.datumBasis === "assumed" ? shifted(site, location, { locate, ground, datums }) : [],
      notes: [...site.notes, ...compared(site, location, named, places)],
    });
    if (rows.length % SLICE === 0) yield rows.length;
  }
  return rows;
}

/** Districts of an undeclared position if it were in a datum of the web maps, where they differ. */
function shifted(site, location, { locate, ground, datums }) {
  return WEB_DATUMS.flatMap((datum) => {
    const { district } = locate(ground, datums.geometryToWgs84(site.geometry, datum));
    return district === location.district ? [] : [[datum, district]];
  });
}

/** A note where the file names another district than the one found, or none that is known. */
function compared(site, location, named, places) {
  if (site.district === null) return [];
  const id = named(site.district);
  if (id === null) {
    if (/^[\0-\x7f]*$/.test(site.district)) return [];
    const word = oneLine(site.district);
    return [[`所填区属“${word}”无法识别。`, `the district ${quoted(word)} is not known.`]];
  }
  if (!places[id].located || id === location.district || location.possible.includes(id)) return [];
  const [zh, en] = location.district ? [places[location.district].zh, `in ${places[location.district].en}`] : OUTSIDE;
  return [[`文件所填区属为${places[id].zh}，坐标位于${zh}。`, `the file says ${places[id].en}, the position lies ${en}.`]];
}

/**
 * A function from a word to the id of the place that it names, null for none.
 *
 * @param {object} places of the page's data, by id
 */
export function placeFinder(places) {
  const spelled = new Map();
  for (const [id, place] of Object.entries(places)) {
    for (const word of [id, place.zh, place.en, ...place.aliases]) {
      if (!spelled.has(evenOut(word))) spelled.set(evenOut(word), id);
    }
  }
  return (word) => spelled.get(evenOut(word)) ?? null;
}

/**
 * A warning where most sites of a file lie outside the city.
 *
 * @param {object[]} rows of `placeSites`
 * @param {string} name of the file
 * @returns {[string, string][]}
 */
export function cautions(rows, name) {
  const outside = rows.filter((row) => row.location.district === null).length;
  if (2 * outside <= rows.length) return [];
  return [
    [
      `${name}：${rows.length} 处中有 ${outside} 处不在深圳市域内，请核对坐标。`,
      `${name}: ${outside} of ${rows.length} sites lie outside Shenzhen; check the coordinates.`,
    ],
  ];
}

/** A rejected row with its field and stage looked up too, so that every fault is named at once. */
export function lookedUp(one, register, columnNames) {
  const { unknown } = register.ask(one.field, one.stage);
  const faults = unknown.map(({ column, value, suggestions, suggestionsEn }) => ({
    en: `the ${column} is not known`,
    zh: `${columnNames[column]}无法识别`,
    row: one.row,
    line: one.line,
    field: column,
    value,
    remedyEn: `did you mean ${suggestionsEn.join(", ")}?`,
    remedyZh: `是否指 ${suggestions.join("、")}？`,
  }));
  return { ...one, faults: [...one.faults, ...faults] };
}

const LABELS = {
  zh: { file: "文件", row: "行", field: "字段", value: "值", between: "；" },
  en: { file: "file", row: "row", field: "field", value: "value", between: "; " },
};

/** Every fault of a rejected row in one line, as `parksite check` says it. */
export function reason(rejected, lang, file = null) {
  return rejected.faults.map((fault) => faultText({ ...fault, file }, lang)).join(lang === "zh" ? "；" : "; ");
}

/**
 * A fault in one line: what is wrong, where, what to do.
 *
 * @param {{zh: string, en: string, file?: string|null, row?: number|null, line?: number|null, field?: string|null,
 *   value?: any, remedyZh?: string, remedyEn?: string}} fault
 * @param {"zh"|"en"} lang
 */
export function faultText(fault, lang) {
  const label = LABELS[lang];
  const { file = null, row = null, line = null, field = null, value = null } = fault;
  const where = [
    file === null ? null : `${label.file} ${oneLine(file, 300)}`,
    row === null ? null : `${label.row} ${rowText(row, line, lang)}`,
    field === null ? null : `${label.field} ${oneLine(field)}`,
    value === null ? null : `${label.value} '${oneLine(value)}'`,
  ].filter((part) => part !== null);
  const remedy = lang === "zh" ? fault.remedyZh : fault.remedyEn;
  return `${fault[lang]}${where.length ? ` [${where.join(label.between)}]` : ""}${remedy ? ` → ${remedy}` : ""}`;
}

function rowText(row, line, lang) {
  if (line === null) return String(row);
  return lang === "zh" ? `${row}（文件第 ${line} 行）` : `${row} (line ${line} of the file)`;
}

/**
 * The rejected rows as a table, complete, with their reason.
 *
 * @param {object[]} rejected
 * @param {string[]} names of the columns that we add
 * @param {string} file its name
 * @returns {{columns: string[], rows: object[][]}}
 */
export function rejectedTable(rejected, names, file) {
  const own = [...new Set(rejected.flatMap((one) => Object.keys(one.attributes)))];
  const rows = rejected.map((one) => [
    ...own.map((name) => one.attributes[name] ?? null),
    one.row,
    one.line,
    reason(one, "zh", file),
    reason(one, "en", file),
  ]);
  return { columns: [...own, ...names], rows };
}
