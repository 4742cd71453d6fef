/**
 * A planner's file as drafted rows: which columns, which cells, every fault of a row, nothing converted.
 *
 * The rules are those of geo/sites/draft.py and geo/sites/row.py.
 */

import { readCoordinate } from "./coordinate.js";
import { decode } from "./encoding.js";
import { Fault } from "./fault.js";
import { readFeatures } from "./features.js";
import { closeRings } from "./shapes.js";
import { readSheet } from "./sheet.js";
import { readWkt, WktError } from "./wkt.js";

const MEGABYTES = 50;
const SLICE = 1_000; // rows between two signs of progress
const POSITIONS = [["lon", "lat"], ["x", "y"], ["position"]];
const TEXTS = ["id", "name", "field", "stage", "district"];
const FIELDS = [...TEXTS, "datum", "lon", "lat", "x", "y", "wkt", "position"];
const METRES = 10_000; // from here on a number is taken for metres, not for a slip in degrees
const CONVERTED = [4326, 4490, 4547];
const OTHERS = /\.(xlsx?|xlsm|ods|shp|shx|dbf|prj|zip|kml|kmz|gpkg|gdb|dxf|dwg|fgb|parquet|geoparquet|gml|gpx|mif|tab|pdf|docx?|wps|et)$/i;

/**
 * @typedef {object} Reading what the user says of a file
 * @property {string|number|null} datum of rows that name none
 * @property {boolean} swap north stands before east, or latitude before longitude
 */

/**
 * Reads the bytes of a file as a layer.
 *
 * @param {Uint8Array} bytes
 * @param {string} name of the file
 * @param {object} schema of core/schema.js
 * @returns {Generator<number, import("./sheet.js").Layer>} with `encoding` and `encodingBasis`
 * @throws {Fault} if the file as a whole cannot be used
 */
export function* readLayer(bytes, name, schema) {
  refuseOthers(bytes.length, name);
  if (!bytes.some((byte) => byte > 32)) {
    throw new Fault("文件为空", "the file is empty", { remedyEn: "save or copy it again", remedyZh: "请重新保存或复制" });
  }
  const { text, encoding, basis } = decode(bytes);
  const start = text.slice(0, 1_000).trimStart();
  const layer = (["{", "[", "\x1e"].includes(start[0])) && !/\.(csv|tsv)$/i.test(name)
    ? yield* readFeatures(text, schema)
    : yield* readSheet(text, schema, /\.tsv$/i.test(name) ? "TSV" : /\.txt$/i.test(name) ? "TXT" : "CSV");
  const western = layer.geometries === null && encoding === "Windows-1252";
  const notes = western
    ? [...layer.notes, ["文字按西欧编码（Windows-1252）读取，如有乱码请另存为 UTF-8。", "The text was read as Windows-1252; if it looks wrong, save the file as UTF-8."]]
    : layer.notes;
  return { ...layer, notes, encoding, encodingBasis: basis };
}

/**
 * Refuses what this page does not read, before it is opened.
 *
 * @param {number} size bytes
 * @param {string} name
 */
export function refuseOthers(size, name) {
  const ending = OTHERS.exec(name)?.[1].toUpperCase();
  if (ending) {
    throw new Fault(`本页只读取 CSV 与 GeoJSON，不读取 ${ending}`, `this page reads CSV and GeoJSON, not ${ending}`, {
      remedyEn: "have it checked with: parksite check FILE; or save it as CSV or GeoJSON",
      remedyZh: "请用 parksite check 文件 核对，或另存为 CSV、GeoJSON",
    });
  }
  if (size <= MEGABYTES * 1e6) return;
  const megabytes = Math.ceil(size / 1e6);
  throw new Fault(`文件有 ${megabytes} MB，超过 ${MEGABYTES} MB`, `the file has ${megabytes} MB, the limit is ${MEGABYTES} MB`, {
    remedyEn: "have it checked with: parksite check FILE; or split it",
    remedyZh: "请用 parksite check 文件 核对，或拆分文件",
  });
}

/**
 * Understands the cells of a layer.
 *
 * @param {import("./sheet.js").Layer} layer
 * @param {Reading} reading
 * @param {object} schema
 * @returns {Generator<number, object>} `{rows, columns, declared, metric, axes, notes}`; a row is `{number, line, attributes,
 *   id, name, field, stage, district, datum, axes, x, y, geometry, faults, notes}`
 * @throws {Fault} if the layer has neither geometry nor position columns
 */
export function* draft(layer, reading, schema) {
  const held = schema.understood(layer.columns);
  const axes = axesOf(layer, held, reading);
  const found = {};
  for (const ours of [...TEXTS, "datum", ...axes]) if (ours in held) found[ours] = held[ours];
  if (layer.geometries === null && "wkt" in held) found.wkt = held.wkt;
  const faults = new Map();
  for (const fault of layer.faults) faults.set(fault.row, [...(faults.get(fault.row) ?? []), fault]);
  const rows = [];
  for (const [at, record] of layer.rows.entries()) {
    const number = layer.numbers[at];
    rows.push(
      draftRow(record, {
        number,
        line: layer.lines?.[at] ?? null,
        shape: layer.geometries?.[at] ?? null,
        found,
        axes,
        faults: faults.get(number) ?? [],
        schema,
      }),
    );
    if (rows.length % SLICE === 0) yield rows.length;
  }
  const metric = axes[0] === "x" && layer.geometries === null;
  return { rows, columns: layer.columns, declared: layer.declared, metric, axes, notes: layer.notes };
}

/** Our columns that hold the position; none where it is a geometry. */
function axesOf(layer, held, reading) {
  if (layer.geometries !== null) return [];
  if (typeof reading.datum === "number" && "x" in held && "y" in held) return ["x", "y"];
  const axes = POSITIONS.find((columns) => columns.every((one) => one in held));
  if (axes) return axes;
  if ("wkt" in held) return [];
  throw new Fault("表中没有坐标列", "the table has no position columns", {
    value: layer.columns.slice(0, 30).join(", "),
    remedyEn: "name them lon and lat (经度, 纬度), x and y, 坐标, or wkt",
    remedyZh: "请将坐标列命名为 经度、纬度（lon、lat）、x、y、坐标 或 wkt",
  });
}

function draftRow(record, { number, line, shape, found, axes, faults, schema }) {
  let cells = Object.entries(found).map(([ours, name]) => [ours, record[name] ?? null]);
  const byText = cellText(record[found.wkt]) !== null;
  const unread = new Set(faults.map((fault) => fault.field));
  if (byText) cells = cells.filter(([ours]) => !axes.includes(ours));
  const { row, wrong } = readRow(new Map(cells.filter(([ours]) => !unread.has(found[ours]))), schema);
  const placed = row.position ?? (axes[0] === "position" ? null : axes.map((one) => row[one] ?? null));
  const headed = axes[0] === "position" ? schema.headed(found.position) : null;
  return {
    number,
    line,
    attributes: record,
    ...Object.fromEntries(TEXTS.map((one) => [one, row[one] ?? null])),
    datum: row.datum ?? row.wkt?.code ?? headed,
    axes: axes[0] === "position" ? ["lon", "lat"] : axes,
    x: placed?.[0] ?? null,
    y: placed?.[1] ?? null,
    geometry: row.wkt?.geometry ?? shape,
    faults: [...faults, ...wrong.map((fault) => ({ ...fault, row: number, line, field: found[fault.field] }))],
    notes: row.wkt?.closed ? [["未闭合的环已闭合。", "an unclosed ring was closed."]] : [],
  };
}

/** The cells that are understood, null where one is at fault, and every fault under our name of its column. */
function readRow(cells, schema) {
  const row = {};
  const wrong = [];
  for (const ours of FIELDS) {
    if (!cells.has(ours)) continue;
    try {
      row[ours] = readCell(ours, cells.get(ours), schema);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { en, zh, value, remedyEn, remedyZh } = error;
      wrong.push({ en, zh, field: ours, value, remedyEn, remedyZh });
    }
  }
  const other = aloneOutOfRange(cells, new Set(wrong.map((fault) => fault.field)));
  return { row, wrong: other ? [...wrong, other] : wrong };
}

function readCell(ours, value, schema) {
  if (TEXTS.includes(ours)) return cellText(value);
  if (ours === "datum") return readDatum(value, schema);
  if (ours === "wkt") return readGeometry(value);
  return ours === "position" ? readPair(value) : readNumber(value, ours);
}

/** A cell as text, as it stands; null if blank. */
export function cellText(value) {
  if (value === null || value === undefined) return null;
  const text = String(value);
  return text.trim() ? text : null;
}

function readNumber(value, column) {
  const { value: number, axis } = readCoordinate(value);
  if (axis !== null && (column === "lon" || column === "lat") && axis !== column) {
    throw new Fault(
      "方位字母属于另一坐标轴：经度与纬度似乎颠倒",
      "the hemisphere letter belongs to the other axis: longitude and latitude seem to be swapped",
      {
        value,
        remedyEn: "put E or W into the longitude column, N or S into the latitude column, or choose “axes swapped”",
        remedyZh: "东经、西经填入经度列，北纬、南纬填入纬度列，或选择“坐标轴颠倒”",
      },
    );
  }
  return number;
}

/** The fault of a longitude or latitude whose partner is at fault itself. */
function aloneOutOfRange(cells, bad) {
  for (const [name, partner, limit] of [["lon", "lat", 180], ["lat", "lon", 90]]) {
    if (bad.has(name) || !bad.has(partner) || !cells.has(name)) continue;
    const size = Math.abs(readCoordinate(cells.get(name)).value);
    if (size > limit && size < METRES) {
      return {
        en: "longitude or latitude is out of range",
        zh: "经纬度超出范围",
        field: name,
        value: cells.get(name),
        remedyEn: "correct the cell",
        remedyZh: "请改正该单元格",
      };
    }
  }
  return null;
}

function readDatum(value, schema) {
  const text = cellText(value);
  return text === null ? null : converted(schema.datum(text));
}

/** The datum, if the page has formulas for it. */
function converted(datum) {
  if (typeof datum === "string" || CONVERTED.includes(datum)) return datum;
  throw new Fault(`本页不能换算坐标系 EPSG:${datum}`, `this page does not convert EPSG:${datum}`, {
    value: `EPSG:${datum}`,
    remedyEn: "have the file checked with: parksite check FILE",
    remedyZh: "请用 parksite check 文件 核对",
  });
}

function readGeometry(value) {
  const text = cellText(value);
  if (text === null) return null;
  let reason = "a ring is no more than a line";
  try {
    const { geometry, code } = readWkt(text);
    const closed = closeRings(geometry);
    if (closed.geometry) return { geometry: closed.geometry, closed: closed.closed, code: code && converted(code) };
  } catch (error) {
    if (!(error instanceof WktError)) throw error;
    reason = error.message;
  }
  throw new Fault(`不是有效的 WKT 几何：${reason}`, `the text is no geometry: ${reason}`, {
    value: text,
    remedyEn: "write WKT such as POINT (113.85 22.70) or POLYGON ((…))",
    remedyZh: "请写成 WKT，如 POINT (113.85 22.70) 或 POLYGON ((…))",
  });
}

function readPair(value) {
  const text = cellText(value) ?? "";
  const parts = text.replace(/^[ ()（）[\]]+|[ ()（）[\]]+$/g, "").split(/[,，;；\s]+/).filter(Boolean);
  if (parts.length !== 2) {
    const [zh, en] = parts.length ? ["坐标不是两个数字", "the position is not two numbers"] : ["缺少坐标", "the position is missing"];
    throw new Fault(zh, en, {
      value: text || null,
      remedyEn: "write longitude and latitude with a comma between, such as 113.85,22.70",
      remedyZh: "请写成“经度,纬度”，如 113.85,22.70",
    });
  }
  const [one, other] = parts.map((part) => readCoordinate(part));
  return one.axis === "lat" || other.axis === "lon" ? [other.value, one.value] : [one.value, other.value];
}
