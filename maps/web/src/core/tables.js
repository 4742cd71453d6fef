/**
 * Checked sites as a CSV or GeoJSON file, with the columns of `parksite check`; see geo/tables.
 *
 * A file is made in pieces, so that a long list neither stops the page nor has to be one text.
 */

import { clean, unreserved, usersNames } from "./names.js";
import { fixed } from "./number.js";

const SLICE = 50; // rows between two signs of progress
const PIECE = 500; // rows of a piece of the file
const DECIMALS = 7;
const BOM = "\ufeff";
const QUOTED = /[",\r\n]|^\s/;

/**
 * @typedef {object} Source what a table is made of
 * @property {import("./store.js").Store} store
 * @property {number[]|Uint32Array} rows of the store, in order
 * @property {(row: number) => object} answer record of a row
 * @property {object} schema of core/schema.js
 * @property {object} data of the page: words, register, boundaries
 * @property {string} date day of the question
 */

/**
 * The table as CSV in UTF-8 with a byte-order mark (RFC 4180), safe to open in a spreadsheet.
 *
 * @param {Source} source
 * @returns {Generator<number, string[]>} pieces of the text
 */
export function* csvFile(source) {
  const table = columnsOf(source);
  const pieces = [`${BOM}${csvLine(table.columns, source.schema)}`];
  let lines = [];
  let done = 0;
  for (const row of source.rows) {
    const flat = flatRow(row, source, table);
    lines.push(csvLine(table.columns.map((name) => flat.get(name)), source.schema, table.floats, table.columns));
    done += 1;
    if (lines.length === PIECE) pieces.push(lines.splice(0).join(""));
    if (done % SLICE === 0) yield done;
  }
  lines = lines.join("");
  return [...pieces, lines];
}

/**
 * The table as GeoJSON (RFC 7946): WGS84, seven decimals, rings by the right-hand rule, one feature a line.
 *
 * @param {Source} source
 * @returns {Generator<number, string[]>} pieces of the text
 */
export function* geojsonFile(source) {
  const { store, rows, data, date } = source;
  const table = columnsOf(source);
  const names = unreserved(table.columns, ["geometry"]);
  const about = { as_of: date, register: data.register, boundaries: data.boundaries };
  const pieces = [`{"type":"FeatureCollection","parksite":${JSON.stringify(about)},"features":[\n`];
  let lines = [];
  let done = 0;
  for (const row of rows) {
    const flat = flatRow(row, source, table);
    const feature = {
      type: "Feature",
      id: clean(store.id(row)),
      geometry: outline(store.geometry(row) ?? { type: "Point", coordinates: [store.lon[row], store.lat[row]] }),
      properties: Object.fromEntries(names.map((name, at) => [name, flat.get(table.columns[at]) ?? null])),
    };
    done += 1;
    lines.push(`${JSON.stringify(feature)}${done < rows.length ? "," : ""}\n`);
    if (lines.length === PIECE) pieces.push(lines.splice(0).join(""));
    if (done % SLICE === 0) yield done;
  }
  lines = lines.join("");
  return [...pieces, lines, "]}\n"];
}

/**
 * Rows of values as CSV text with a byte-order mark.
 *
 * @param {string[]} columns
 * @param {any[][]} rows
 * @param {object} schema
 */
export function csvText(columns, rows, schema) {
  return BOM + [columns, ...rows].map((cells) => csvLine(cells, schema)).join("");
}

function csvLine(cells, schema, floats = null, columns = null) {
  const line = cells.map((value, at) => {
    const text = schema.harmless(words(value, floats !== null && floats.has(columns[at])));
    return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${line.join(",")}\r\n`;
}

/** A cell as text; of a column that holds fractions every number is written as one. */
function words(value, isFloat) {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return clean(value);
  if (typeof value === "number") return isFloat ? float(value) : String(value);
  return typeof value === "object" ? clean(JSON.stringify(value)) : String(value);
}

/** A number with a point or an exponent. */
function float(value) {
  const size = Math.abs(value);
  if (size >= 1e16 || (size !== 0 && size < 1e-4)) {
    const [mantissa, power] = value.toExponential().split("e");
    return `${mantissa}e${power[0]}${power.slice(1).padStart(2, "0")}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Our columns, then the file's own under the names that they come out with. */
function columnsOf({ store, rows, schema }) {
  const own = store.own.filter((name) => !isRepeated(name, store, rows));
  const renamed = usersNames(own, schema.table);
  const floats = new Set(schema.table);
  for (const name of own) if (hasFractions(name, store, rows)) floats.add(renamed.get(name));
  return { columns: [...schema.table, ...renamed.values()], renamed, floats };
}

/** Whether every site's id or name is what this column of the file holds. */
function isRepeated(name, store, rows) {
  const ours = name.toLowerCase();
  if (ours !== "id" && ours !== "name") return false;
  for (const row of rows) {
    const held = words(store.attributes(row)[name], false).trim();
    const said = (ours === "id" ? store.id(row) : store.name(row)).trim();
    if (held && held !== said) return false;
  }
  return true;
}

function hasFractions(name, store, rows) {
  for (const row of rows) {
    const value = store.attributes(row)[name];
    if (typeof value === "string") return false;
    if (typeof value === "number" && !Number.isInteger(value)) return true;
  }
  return false;
}

/** A row of the table by column. */
function flatRow(row, { store, answer, data, date }, { renamed }) {
  const record = answer(row);
  const flat = new Map(Object.entries({ ...record, ...answered(record, data.words), ...grounds(record), ...sources(data, date) }));
  const held = store.attributes(row);
  for (const [name, column] of renamed) flat.set(column, typeof held[name] === "string" ? clean(held[name]) : (held[name] ?? null));
  return flat;
}

/** The columns on the place and on the verdict. */
function answered(record, said) {
  const notes = record.notes ?? [];
  const joined = (list, by) => list.join(by) || null;
  return {
    if_datum: joined(record.if_datum.map((one) => `${one.datum}: ${one.district_zh || "市域外"}`), "; "),
    certainty_zh: said.certainty[record.certainty][0],
    possible: joined(record.possible, "; "),
    shares: joined(Object.entries(record.shares).map(([one, share]) => `${one} ${fixed(share, 4)}`), "; "),
    stage_zh: record.stage ? said.stage[record.stage][0] : null,
    match_zh: said.match[record.match][0],
    force_zh: said.force[record.force][0],
    explanation_zh: record.explanation.zh,
    explanation_en: record.explanation.en,
    notes_zh: joined(notes.map((one) => one.zh), " "),
    notes_en: joined(notes.map((one) => one.en), " "),
    sample: record.sample ? "示例 sample" : null,
  };
}

/** The columns on roles, documents and clauses. */
function grounds(record) {
  const main = mainDesignations(record);
  const first = main[0] ?? {};
  const backing = record.designations.filter((one) => one.kind === "support" && one.force === "in_force");
  const cited = ["instrument", "instrument_zh", "document_number", "clause", "from", "to"];
  const once = (key, by) => [...new Set(main.map((one) => one[key]))].join(by) || null;
  return {
    role_zh: once("role_zh", "、"),
    role_en: once("role_en", "; "),
    ...Object.fromEntries(cited.map((name) => [name, first[name] ?? null])),
    support: backing.map((one) => citation(one, one.place_zh)).join("; ") || null,
    elsewhere: record.elsewhere.map((one) => citation(one, one.district_zh)).join("; ") || null,
  };
}

const citation = (one, place) => `${place}“${one.role_zh}”（${one.instrument_short_zh}${one.clause}）`;

/**
 * The designations that a table shows: those that decide, else the place's standing roles.
 *
 * @param {object} record
 */
export function mainDesignations(record) {
  const deciding = record.designations.filter((one) => one.decides);
  if (deciding.length) return deciding;
  for (const force of ["in_force", "lapsed"]) {
    const roles = record.designations.filter((one) => one.kind === "role" && one.located && one.force === force);
    if (!roles.length) continue;
    const key = (one) => `${one.to || "9999"} ${one.from || ""}`;
    const latest = roles.reduce((top, one) => (key(one) > key(top) ? one : top)).instrument;
    return roles.filter((one) => force === "in_force" || one.instrument === latest);
  }
  return [];
}

/** The columns on what the answer rests on. */
function sources({ register, boundaries }, date) {
  return {
    as_of: date,
    register_version: register.version,
    boundary_source: boundaries.source,
    boundary_vintage: boundaries.vintage,
    boundary_datum: boundaries.datum,
  };
}

/** A geometry with outer rings counter-clockwise, holes clockwise, seven decimals. */
function outline({ type, coordinates }) {
  const polygon = (rings) => rings.map((ring, at) => turned(ring, at === 0).map(position));
  if (type === "Point") return { type, coordinates: position(coordinates) };
  return { type, coordinates: type === "Polygon" ? polygon(coordinates) : coordinates.map(polygon) };
}

const position = ([x, y]) => [Number(x.toFixed(DECIMALS)), Number(y.toFixed(DECIMALS))];

function turned(ring, counterClockwise) {
  let twice = 0;
  for (let at = 1; at < ring.length; at += 1) {
    twice += (ring[at - 1][0] - ring[0][0]) * (ring[at][1] - ring[0][1]) - (ring[at][0] - ring[0][0]) * (ring[at - 1][1] - ring[0][1]);
  }
  return twice >= 0 === counterClockwise ? ring : [...ring].reverse();
}
