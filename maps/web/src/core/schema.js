/**
 * What the columns of a site file are called, and how datums are spelled, as the page's data has it.
 */

import { Fault } from "./fault.js";
import { makeGuard } from "./formula.js";
import { quoted } from "./quoted.js";
import { evenOut } from "./spelling.js";

const EXTRA = /^_extra\d+$/;

/**
 * @param {object} columns `columns` of the page's data
 * @returns {object} `known(names)`: set of our columns that names stand for; `understood(names)`: our
 *   column to the file's; `datum(text)`: id or EPSG code; `headed(name)`: datum that a heading names, or null;
 *   `datumName(datum)`; `bare`, `harmless`: guard of formulas; `isOurs(name)`: a column of a list of rejected
 *   rows; `isExtra(name)`: cells beyond the header; `limits`, `rejected`, `table`, `columnNames` as they are
 */
export function makeSchema(columns) {
  const words = new Map();
  for (const [ours, aliases] of Object.entries(columns.site_columns)) {
    for (const word of [ours, ...aliases]) words.set(evenOut(word), ours);
  }
  const datums = new Map(Object.entries(columns.datum_spellings));

  function known(names) {
    return new Set(names.map((name) => words.get(evenOut(name))).filter(Boolean));
  }

  function understood(names) {
    const spelled = new Map([...names].reverse().map((name) => [evenOut(name), name]));
    const found = {};
    for (const [ours, aliases] of Object.entries(columns.site_columns)) {
      const word = [ours, ...aliases].map(evenOut).find((one) => spelled.has(one));
      if (word !== undefined) found[ours] = spelled.get(word);
    }
    return found;
  }

  function datum(text) {
    const code = /^(?:epsg)?:?\s*(\d+)$/i.exec(text.trim());
    if (code) return Number(code[1]);
    const plain = text.trim().toLowerCase().replace(/[-_ ]/g, "");
    if (datums.has(plain)) return datums.get(plain);
    const names = [...new Set(datums.values())];
    throw new Fault(`无法识别坐标系 ${quoted(text)}`, `the datum ${quoted(text)} is not known`, {
      value: text,
      remedyEn: `use one of ${names.join(", ")} or an EPSG code such as EPSG:4547`,
      remedyZh: `请使用 ${names.join("、")} 或 EPSG 代码（如 EPSG:4547）`,
    });
  }

  return {
    known,
    understood,
    datum,
    headed: (name) => columns.position_datums[name] ?? null,
    datumName: (id) => (typeof id === "number" ? `EPSG:${id}` : id),
    isOurs: (name) => columns.rejected.includes(name),
    isExtra: (name) => EXTRA.test(name),
    ...makeGuard(columns.formula_starts),
    limits: columns.limits,
    rejected: columns.rejected,
    table: columns.table,
    columnNames: columns.column_names,
  };
}
