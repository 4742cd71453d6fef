/**
 * A delimited text table as rows of text; the rules of geo/sources/text.py.
 */

import { lineEnds, records } from "./csv.js";
import { Fault } from "./fault.js";

const LOOKED_AT = 10; // lines
const LONGEST_HEADER = 100_000; // characters
const TALL_CELL = 20; // lines
const SLICE = 2_000; // rows between two signs of progress
const DELIMITERS = [",", ";", "\t"];

/**
 * @typedef {object} Layer
 * @property {string} format as a person calls it
 * @property {string[]} columns
 * @property {object[]} rows cells by column
 * @property {number[]} numbers of the rows as a person counts them
 * @property {number[]|null} lines of the file
 * @property {object[]|null} geometries null for a table without geometry
 * @property {string|number|null} declared datum of the whole file
 * @property {{row: number, line: number|null, field: string|null, en: string, zh: string}[]} faults of rows
 * @property {[string, string][]} notes what was understood or left out, in Chinese and English
 */

/**
 * Reads a table; gives the number of rows read so far now and then.
 *
 * Titles above the header are passed over, the delimiter is the one of comma, semicolon and tab that the
 * header holds most of. Blank lines are passed over, missing cells are empty, a row with text beyond the
 * header is a fault.
 *
 * @param {string} text
 * @param {object} schema of core/schema.js
 * @param {string} [format]
 * @returns {Generator<number, Layer>}
 */
export function* readSheet(text, schema, format = "CSV") {
  const before = text.length - text.replace(/^[\r\n]+/, "").length;
  const start = headerStart(text, before, schema);
  const delimiter = delimiterOf(text.slice(start, lineEnd(text, start)));
  const read = records(text, delimiter, {
    start,
    line: lineEnds(text, 0, start) + 1,
    mostCells: 10 * schema.limits.columns + 1_000,
  });
  const head = firstFilled(read);
  const columns = header(head.cells, schema);
  const places = columns.map((name, at) => [name, at]).filter(([name]) => !schema.isExtra(name));
  const surplus = columns.map((name, at) => at).filter((at) => schema.isExtra(columns[at]));
  const kept = places.filter(([name]) => !schema.isOurs(name));
  const layer = {
    format,
    columns: kept.map(([name]) => name),
    rows: [],
    numbers: [],
    lines: [],
    geometries: null,
    declared: null,
    faults: [],
    notes: head.line === lineEnds(text, 0, before) + 1 ? [] : [headerTaken(head.line)],
  };
  const tall = [];
  let number = 0;
  for (const { line, cells } of read) {
    number += 1;
    if (!cells.some((cell) => cell.trim())) continue;
    if (layer.rows.length >= schema.limits.rows) throw tooLong(schema.limits.rows);
    const row = new Cells();
    for (const [name, at] of kept) row[name] = schema.bare(cells[at] ?? "");
    const beyond = filled([...surplus.map((at) => cells[at] ?? ""), ...cells.slice(columns.length)]);
    beyond.forEach((cell, at) => (row[`_extra${at + 1}`] = schema.bare(cell)));
    if (beyond.length) layer.faults.push(tooWide(number, line, beyond));
    layer.faults.push(...endless(kept, cells, number, line, schema));
    if (cells.some((cell) => cell.length > TALL_CELL && lineEnds(cell, 0, cell.length) > TALL_CELL)) tall.push(line);
    layer.rows.push(row);
    layer.numbers.push(number);
    layer.lines.push(line);
    if (layer.rows.length % SLICE === 0) yield layer.rows.length;
  }
  if (tall.length) layer.notes.push(tallCells(tall));
  return layer;
}

/** Cells of a row by column; a column may bear any name, `__proto__` too. */
export function Cells() {}
Cells.prototype = Object.create(null);

/** Where the header begins: below titles, if the first line names no site column and one soon after names two. */
function headerStart(text, begin, schema) {
  let at = begin;
  for (let number = 0; number < LOOKED_AT; number += 1) {
    const end = lineEnd(text, at);
    const line = text.slice(at, Math.min(end, at + LONGEST_HEADER));
    if (schema.known(namesIn(line)).size >= (number ? 2 : 1)) return at;
    if (end >= text.length) break;
    at = end + (text[end] === "\r" && text[end + 1] === "\n" ? 2 : 1);
  }
  return begin;
}

function namesIn(line) {
  try {
    for (const { cells } of records(line, delimiterOf(line))) return cells;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  return [];
}

function lineEnd(text, from) {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return text.length;
}

function delimiterOf(line) {
  const counts = DELIMITERS.map((one) => line.split(one).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

function firstFilled(read) {
  for (let next = read.next(); !next.done; next = read.next()) {
    if (next.value.cells.some((cell) => cell.trim())) return next.value;
  }
  return { line: 1, cells: [] };
}

/** Column names; blank ones at the end do not count. */
function header(cells, schema) {
  const names = filled(cells.map((name) => name.trim()));
  if (!names.length) {
    throw new Fault("文件为空", "the file is empty", {
      remedyEn: "give a table with a header",
      remedyZh: "请提供带表头的表格",
    });
  }
  if (names.length > schema.limits.columns) {
    throw new Fault(
      `表格有 ${names.length} 列，超过限额 ${schema.limits.columns}`,
      `the table has ${names.length} columns, the limit is ${schema.limits.columns}`,
      { remedyEn: "leave columns out, or check the delimiter", remedyZh: "请删去多余的列，或检查分隔符" },
    );
  }
  const columns = names.map(schema.bare);
  const repeated = [...new Set(columns.filter((name, at) => columns.indexOf(name) !== at))].sort();
  if (repeated.length) {
    throw new Fault(
      `列名重复：${repeated.join("、") || "（空白）"}`,
      `columns have the same name: ${repeated.join(", ") || "(blank)"}`,
      { remedyEn: "give every column a name of its own", remedyZh: "请为每列使用不同的名称" },
    );
  }
  return columns;
}

/** The cells without blank ones at their end. */
function filled(cells) {
  let count = cells.length;
  while (count && !cells[count - 1].trim()) count -= 1;
  return cells.slice(0, count);
}

/** Faults of geometries in words with more vertices than the limit, which are counted by their commas. */
function endless(kept, cells, number, line, schema) {
  const found = [];
  for (const [name, at] of kept) {
    const cell = cells[at] ?? "";
    if (cell.length <= schema.limits.vertices) continue;
    const count = cell.split(",").length;
    if (count > schema.limits.vertices && schema.known([name]).has("wkt")) {
      found.push({ ...tooManyVertices(count, schema.limits.vertices), row: number, line, field: name });
    }
  }
  return found;
}

/** What is said of a geometry with more vertices than the limit. */
export function tooManyVertices(count, limit) {
  return {
    en: `the geometry has ${count.toLocaleString("en-US")} vertices, the limit is ${limit.toLocaleString("en-US")}`,
    zh: `几何有 ${count} 个顶点，超过限额 ${limit}`,
    field: "geometry",
    value: null,
    remedyEn: "simplify it",
    remedyZh: "请简化几何",
  };
}

/** The refusal of a file with too many rows. */
export function tooLong(limit) {
  return new Fault(
    `文件超过 ${limit.toLocaleString("en-US")} 行`,
    `the file has more than ${limit.toLocaleString("en-US")} rows`,
    {
      remedyEn: "have it checked with: parksite check FILE; or split it",
      remedyZh: "请用 parksite check 文件 核对，或拆分文件",
    },
  );
}

function tooWide(number, line, beyond) {
  return {
    en: "the row has more cells than the header",
    zh: "该行的列数多于表头",
    row: number,
    line,
    field: null,
    value: beyond.join(" | "),
    remedyEn: "put text that holds the delimiter in quotes; in a rejected list clear the columns _extra1 and on",
    remedyZh: "含分隔符的文字请加引号；若为拒绝清单，请清空 _extra1 等列",
  };
}

function headerTaken(line) {
  return [`以文件第 ${line} 行为表头。`, `Line ${line} of the file was taken as the header.`];
}

function tallCells(lines) {
  const where = lines.slice(0, 5).join(", ");
  return [
    `第 ${where} 行起的单元格跨越 ${TALL_CELL} 行以上，可能缺少引号。`,
    `A cell that begins on line ${where} runs over more than ${TALL_CELL} lines; a quote may be missing.`,
  ];
}
