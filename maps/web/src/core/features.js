/**
 * GeoJSON and its newline-delimited form as rows with geometries; the rules of geo/sources/geojson.py.
 */

import { Fault } from "./fault.js";
import { closeRings, isEmpty, vertexCount } from "./shapes.js";
import { Cells, tooLong, tooManyVertices } from "./sheet.js";

const DEPTH = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 };
const ADDRESS = /^\s*(https?:|ftp:|file:)(?!\/\/www\.opengis\.net\/def\/crs\/)/i;
const CODES = new Map([[4326, "wgs84"], [4490, "cgcs2000"], [4547, 4547]]);
const SLICE = 2_000; // features between two signs of progress
const SHOWN = 10; // rows that a note lists

/**
 * Reads GeoJSON; gives the number of features read so far now and then.
 *
 * @param {string} text
 * @param {object} schema of core/schema.js
 * @returns {Generator<number, import("./sheet.js").Layer>}
 * @throws {Fault} if it is no GeoJSON, or in a system that the page does not convert
 */
export function* readFeatures(text, schema) {
  const faults = new Map();
  const { features, declared, notes, sequence } = collection(text, faults);
  if (features.length > schema.limits.rows) throw tooLong(schema.limits.rows);
  const layer = {
    format: sequence ? "GeoJSONSeq" : "GeoJSON",
    columns: [],
    rows: [],
    numbers: [],
    lines: null,
    geometries: [],
    declared,
    faults: [],
    notes,
  };
  const closed = [];
  let high = false;
  for (const [at, feature] of features.entries()) {
    const number = at + 1;
    const checked = faults.has(number) ? { geometry: null } : usable(feature, number, schema, faults);
    const made = checked.geometry === null ? { geometry: null } : closeRings(checked.geometry);
    if (checked.geometry !== null && made.geometry === null) faults.set(number, unreadable(number));
    if (made.closed) closed.push(number);
    high ||= made.geometry !== null && isHigh(made.geometry);
    layer.rows.push(checked.properties ?? {});
    layer.geometries.push(made.geometry);
    layer.numbers.push(number);
    if (number % SLICE === 0) yield number;
  }
  if (features.length && faults.size === features.length && !layer.geometries.some(Boolean)) throw nothingUsable(faults);
  layer.columns = columnsOf(features, layer.rows);
  if (layer.columns.length > schema.limits.columns) throw tooManyColumns(layer.columns.length, schema.limits.columns);
  layer.rows = layer.rows.map((properties, at) => cells(properties, layer.columns, features[at]));
  layer.faults = [...faults.values()].sort((one, other) => one.row - other.row);
  if (closed.length) layer.notes.push(ringsClosed(closed));
  if (high) {
    layer.notes.push(["坐标含高程或测量值（Z/M），未予使用。", "The coordinates hold heights or measures (Z/M), which are not used."]);
  }
  return layer;
}

/** Features of a text, and the datum that it declares. */
function collection(text, faults) {
  if (text.startsWith("\x1e")) return inLines(text, faults);
  let content;
  try {
    content = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const lines = text.split("\n").filter((line) => line.trim());
    if (lines.length > 1 && lines.slice(0, 2).some(isJson)) return inLines(text, faults);
    throw new Fault(`JSON 有错误或不完整：${error.message}`, `the JSON breaks off or is wrong: ${error.message}`, {
      remedyEn: "export it again from a GIS",
      remedyZh: "请用 GIS 软件重新导出",
    });
  }
  const kind = content && !Array.isArray(content) ? content.type : undefined;
  if (kind === "FeatureCollection" && Array.isArray(content.features)) {
    return { features: content.features, ...declaredBy(content), sequence: false };
  }
  if (kind === "Feature") return { features: [content], declared: "wgs84", notes: [], sequence: false };
  if (isKind(kind)) return { features: [bare(content)], declared: "wgs84", notes: [], sequence: false };
  const said = Array.isArray(content) ? "[…]" : typeof kind === "string" ? kind.slice(0, 60) : "";
  throw new Fault(`JSON 不是 GeoJSON${said && `：${said}`}`, `the JSON is no GeoJSON${said && `: ${said}`}`, {
    remedyEn: "export the layer as GeoJSON",
    remedyZh: "请将图层导出为 GeoJSON",
  });
}

const isKind = (kind) => kind === "GeometryCollection" || (typeof kind === "string" && Object.hasOwn(DEPTH, kind));
const bare = (geometry) => ({ type: "Feature", properties: {}, geometry });

function isJson(line) {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Features of a newline-delimited text, or of one delimited by record separators (RFC 8142). */
function inLines(text, faults) {
  const features = [];
  for (const piece of text.split(text.includes("\x1e") ? "\x1e" : "\n")) {
    if (!piece.trim()) continue;
    let one;
    try {
      one = JSON.parse(piece);
    } catch (error) {
      one = bare(null);
      faults.set(features.length + 1, fault(features.length + 1, {
        en: `the JSON breaks off or is wrong: ${error.message}`,
        zh: `JSON 有错误或不完整：${error.message}`,
        value: piece.trim(),
      }));
    }
    features.push(isKind(one?.type) ? bare(one) : one);
  }
  return { features, declared: "wgs84", notes: [], sequence: true };
}

/** The datum that the `crs` member declares; a link is not followed. */
function declaredBy(content) {
  if (!("crs" in content)) return { declared: "wgs84", notes: [] };
  if (content.crs === null) return { declared: null, notes: [] };
  const name = content.crs?.properties?.name;
  if (content.crs?.type !== "name" || typeof name !== "string" || ADDRESS.test(name)) {
    return {
      declared: null,
      notes: [["坐标系以链接给出，未予读取，视为未声明。", "The CRS is given as a link, which is not followed: taken as not declared."]],
    };
  }
  if (/(^|[:/])CRS84$/i.test(name)) return { declared: "wgs84", notes: [] };
  const code = Number(/EPSG[:/]+(?:[\d.]*[:/])?(\d+)$/i.exec(name)?.[1]);
  if (CODES.has(code)) return { declared: CODES.get(code), notes: [] };
  throw otherSystem(name.slice(0, 60));
}

/** The refusal of a coordinate system that the page has no formulas for. */
export function otherSystem(name) {
  return new Fault(`本页不能换算坐标系 ${name}`, `this page does not convert the coordinate system ${name}`, {
    value: name,
    remedyEn: "have the file checked with: parksite check FILE; or save it in WGS84, EPSG:4490 or EPSG:4547",
    remedyZh: "请用 parksite check 文件 核对，或转存为 WGS84、EPSG:4490 或 EPSG:4547",
  });
}

/** Properties and geometry of a feature, without what cannot be taken; faults are added. */
function usable(feature, number, schema, faults) {
  if (feature?.type !== "Feature") {
    faults.set(number, fault(number, { en: "this is no feature", zh: "这不是要素", value: JSON.stringify(feature) }));
    return { geometry: null };
  }
  let { properties, geometry = null } = feature;
  if (properties !== null && properties !== undefined && (typeof properties !== "object" || Array.isArray(properties))) {
    faults.set(number, fault(number, { en: "the properties are no object", zh: "要素属性不是对象", value: JSON.stringify(properties) }));
    properties = {};
  }
  const count = vertexCount(geometry);
  if (count > schema.limits.vertices) {
    faults.set(number, { ...tooManyVertices(count, schema.limits.vertices), row: number, line: null });
    geometry = null;
  } else if (geometry !== null && !isGeometry(geometry)) {
    const value = JSON.stringify(geometry);
    faults.set(number, fault(number, { en: "the geometry is no GeoJSON geometry", zh: "几何不符合 GeoJSON 规范", value, field: "geometry" }));
    geometry = null;
  }
  return { properties, geometry };
}

/** Whether type and nesting of coordinates fit each other; rings are not looked at. */
function isGeometry(geometry) {
  if (geometry === null || typeof geometry !== "object") return false;
  if (geometry.type === "GeometryCollection") return Array.isArray(geometry.geometries) && geometry.geometries.every(isGeometry);
  return Object.hasOwn(DEPTH, String(geometry.type)) && isNested(geometry.coordinates, DEPTH[geometry.type]);
}

function isNested(part, depth) {
  if (!Array.isArray(part)) return false;
  if (depth) return part.every((one) => isNested(one, depth - 1));
  return !part.length || (part.length >= 2 && part.every(Number.isFinite));
}

function isHigh(geometry) {
  if (geometry.geometries) return geometry.geometries.some(isHigh);
  if (isEmpty(geometry)) return false;
  let part = geometry.coordinates;
  while (Array.isArray(part[0])) part = part[0];
  return part.length > 2;
}

/** Names of the properties in the order in which they come; ids that are text stand before them. */
function columnsOf(features, rows) {
  const names = new Set();
  if (features.some((one) => typeof one?.id === "string") && !rows.some((one) => Object.hasOwn(one, "id"))) names.add("id");
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

function cells(properties, columns, feature) {
  const row = new Cells();
  for (const name of columns) {
    const value = Object.hasOwn(properties, name) ? properties[name] : name === "id" ? feature?.id : null;
    row[name] = plain(value ?? null);
  }
  return row;
}

/** A value as text, number, truth value or null; lists and objects as JSON. */
function plain(value) {
  if (typeof value === "string") return value.replaceAll("\0", "").replace(/\p{Cs}/gu, "\ufffd");
  if (value !== null && typeof value === "object") return spaced(value);
  return value;
}

function spaced(value) {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${spaced(each)}`).join(", ")}}`;
}

function nothingUsable(faults) {
  const { en, zh, value, remedyEn, remedyZh } = faults.values().next().value;
  return new Fault(`文件中没有可读取的要素：${zh}`, `no feature of the file can be read: ${en}`, { value, remedyEn, remedyZh });
}

function tooManyColumns(count, limit) {
  return new Fault(`要素有 ${count} 个属性，超过限额 ${limit}`, `the features have ${count} properties, the limit is ${limit}`, {
    remedyEn: "leave properties out",
    remedyZh: "请删去多余的属性",
  });
}

function unreadable(number) {
  return {
    ...fault(number, { en: "the geometry or the record cannot be read", zh: "几何或记录无法读取", field: "geometry" }),
    remedyEn: "draw this feature again, or leave it out",
    remedyZh: "请重新绘制该要素，或将其删除",
  };
}

function fault(number, { en, zh, value = null, field = null }) {
  return {
    en,
    zh,
    row: number,
    line: null,
    field,
    value,
    remedyEn: "export the layer again from a GIS, or mend this feature",
    remedyZh: "请用 GIS 软件重新导出，或修改该要素",
  };
}

function ringsClosed(numbers) {
  const rows = numbers.slice(0, SHOWN).join(", ") + (numbers.length > SHOWN ? "…" : "");
  return [`第 ${rows} 个要素的环未闭合，已闭合。`, `The rings of features ${rows} were not closed; they are now.`];
}
