/**
 * From drafted rows to sites in WGS84: datums by precedence, ranges, shapes, ids; the rules of geo/sites/settle.py.
 */

import { bounds, mend, plausible, singleKind, swapped } from "./shapes.js";
import { toWkt } from "./wkt.js";

const SLICE = 500; // rows between two signs of progress

/**
 * Converts every usable row; the others are rejected with all their faults.
 *
 * @param {object} drafts of `draft` in core/rows.js
 * @param {import("./rows.js").Reading} reading
 * @param {{schema: object, datums: object, name: string}} tools `name`: of the file
 * @returns {Generator<number, {sites: object[], rejected: object[], warnings: [string, string][]}>} a site is `{id, name,
 *   geometry, field, stage, district, datum, datumBasis, accuracy, attributes, notes, row}`, a rejected row `{row, line,
 *   id, field, stage, faults, attributes}`
 */
export function* settle(drafts, reading, { schema, datums, name }) {
  const warnings = new Map(drafts.notes.map((note) => [note[1], note]));
  const warn = (zh, en) => warnings.set(en, [zh, en]);
  const sites = [];
  const rejected = [];
  for (const [at, row] of drafts.rows.entries()) {
    const { datum, basis } = datumOf(row, drafts, reading, { schema, name, warn });
    const placed = row.faults.length ? { faults: row.faults } : place(row, datum, reading, { schema, datums });
    if (placed.faults) rejected.push(rejection(row, placed.faults, drafts, schema));
    else sites.push(site(row, placed, schema.datumName(datum), basis));
    if ((at + 1) % SLICE === 0) yield at + 1;
  }
  if (sites.some((one) => one.datumBasis === "assumed")) warn(...assumed(name));
  if (!drafts.rows.length) warn(`${name}：没有数据行。`, `${name}: there are no rows below the header.`);
  const kept = withoutRepeats(sites, rejected, drafts, schema);
  return { sites: kept, rejected: rejected.sort((one, other) => one.row - other.row), warnings: [...warnings.values()] };
}

/** The warning for positions that declare no datum. */
function assumed(name) {
  return [
    `${name}：未声明坐标系，按 WGS84 处理；如来自高德、腾讯或百度地图，请改选 GCJ-02 或 BD-09。`,
    `${name}: no datum is declared, WGS84 is assumed; for coordinates from AMap, Tencent or Baidu choose GCJ-02 or BD-09.`,
  ];
}

/** Datum of a row: its own, then what the user chose, then the file's; differences are warned of. */
function datumOf(row, drafts, reading, { schema, name, warn }) {
  const option = reading.datum;
  if (row.datum !== null) {
    if (option !== null && row.datum !== option) {
      const [own, other] = [schema.datumName(row.datum), schema.datumName(option)];
      warn(
        `${name}：部分行自带坐标系 ${own}，与所选 ${other} 不同，以行内为准。`,
        `${name}: rows name the datum ${own}, ${other} was chosen; the rows' own is used.`,
      );
    }
    return { datum: row.datum, basis: "declared" };
  }
  if (option !== null) {
    if (drafts.declared !== null && option !== drafts.declared) {
      const [own, other] = [schema.datumName(drafts.declared), schema.datumName(option)];
      warn(`${name}：文件声明 ${own}，按所选 ${other} 处理。`, `${name}: the file declares ${own}; ${other} as chosen is used.`);
    }
    return { datum: option, basis: "declared" };
  }
  return drafts.declared === null ? { datum: "wgs84", basis: "assumed" } : { datum: drafts.declared, basis: "declared" };
}

/** Geometry in WGS84 with its notes, or faults. */
function place(row, datum, reading, { schema, datums }) {
  const byNumbers = row.geometry === null && row.x !== null && row.y !== null;
  const single = byNumbers ? { geometry: point(row.x, row.y), notes: [] } : singleKind(row.geometry);
  if (single.fault) return { faults: [located(single.fault, row)] };
  const turned = reading.swap ? swapped(single.geometry) : single.geometry;
  const wrong = misfit(bounds(turned), datum, reading.swap, { schema, datums });
  if (wrong) return { faults: [{ ...located(wrong, row), field: row.geometry ? "geometry" : row.axes.join(", ") }] };
  const degrees = typeof datum === "number" && datum !== 4547;
  const moved = degrees ? turned : datums.geometryToWgs84(turned, datum === 4547 ? "epsg:4547" : datum);
  const mended = mend(moved);
  if (mended.fault) return { faults: [located(mended.fault, row)] };
  return { geometry: mended.geometry, notes: [...row.notes, ...single.notes, ...mended.notes, ...plausible(mended.geometry)] };
}

const point = (x, y) => ({ type: "Point", coordinates: [x, y] });
const located = (fault, row) => ({ ...fault, row: row.number, line: row.line });

/** Why a box cannot be what the datum says; null where it can. */
function misfit([west, south, east, north], datum, swap, tools) {
  return misfitOf(west, south, datum, swap, tools) ?? misfitOf(east, north, datum, swap, tools);
}

function misfitOf(x, y, datum, swap, { schema, datums }) {
  if (typeof datum === "string") return Math.abs(x) <= 180 && Math.abs(y) <= 90 ? null : outOfRange(x, y);
  const convert = datum === 4547 ? datums.toDegrees : (lon, lat) => [lon, lat];
  const [lon, lat] = convert(x, y);
  if (isNear(lon, lat)) return null;
  const cured = isNear(...convert(y, x));
  const lost = !Number.isFinite(lon) || !Number.isFinite(lat);
  return cured || lost ? unfit(x, y, schema.datumName(datum), cured, swap) : null;
}

/** Whether a position lies in or around Guangdong. */
const isNear = (lon, lat) => lon >= 109 && lon <= 118 && lat >= 20 && lat <= 26;

function outOfRange(x, y) {
  const turned = Math.abs(y) <= 180 && Math.abs(x) <= 90;
  return {
    en: "longitude or latitude is out of range",
    zh: "经纬度超出范围",
    value: `${general(x)}, ${general(y)}`,
    remedyEn: turned
      ? "longitude and latitude seem to be swapped: correct them, or choose “axes swapped” for the whole file"
      : "for metres choose EPSG:4547",
    remedyZh: turned ? "经度与纬度似乎颠倒：请改正，或对整个文件选择“坐标轴颠倒”" : "若为米制坐标，请选择 EPSG:4547",
  };
}

function unfit(x, y, name, cured, swap) {
  const [cureZh, cureEn] = swap ? ["取消“坐标轴颠倒”", "clear “axes swapped”"] : ["选择“坐标轴颠倒”", "choose “axes swapped”"];
  return {
    en: `the coordinates do not fit ${name}`,
    zh: `坐标与 ${name} 不符`,
    value: `${general(x)}, ${general(y)}`,
    remedyEn: cured
      ? `x must be east and y north: they seem to be swapped, as on Chinese survey sheets; ${cureEn}`
      : "check the coordinate system",
    remedyZh: cured ? `x 应为东坐标、y 为北坐标：此处似按测量习惯（X 北 Y 东）颠倒；请${cureZh}` : "请检查坐标系",
  };
}

/** A number with up to twelve digits, as Python's format `.12g` has it. */
function general(number) {
  if (!number || !Number.isFinite(number)) return String(number);
  const power = Math.floor(Math.log10(Math.abs(number)));
  if (power >= -4 && power < 12) return String(Number(number.toPrecision(12)));
  return number.toExponential(11).replace(/\.?0+e/, "e").replace(/e([-+])(\d)$/, "e$10$2");
}

function site(row, { geometry, notes }, datum, basis) {
  return {
    id: row.id ?? "",
    name: row.name ?? "",
    geometry,
    field: row.field,
    stage: row.stage,
    district: row.district,
    datum,
    datumBasis: basis,
    accuracy: 0,
    attributes: row.attributes,
    notes,
    row: row.number,
  };
}

function rejection(row, faults, drafts, schema) {
  const attributes = { ...row.attributes };
  if (row.geometry !== null && !Object.keys(attributes).some((name) => name.toLowerCase() === "wkt")) {
    attributes.wkt = toWkt(row.geometry);
    if (!Object.hasOwn(attributes, "datum") && drafts.declared !== null) attributes.datum = schema.datumName(drafts.declared);
  }
  return { row: row.number, line: row.line, id: row.id, field: row.field, stage: row.stage, faults, attributes };
}

/** Rejects every site whose id an earlier one has; one without gets its number, or `row-<number>` where that is taken. */
function withoutRepeats(sites, rejected, drafts, schema) {
  const taken = new Set(sites.map((one) => one.id));
  const drafted = new Map(drafts.rows.map((row) => [row.number, row]));
  const first = new Map();
  return sites.flatMap((one) => {
    const number = String(one.row);
    const id = one.id || (taken.has(number) ? `row-${number}` : number);
    if (!first.has(id)) {
      first.set(id, one.row);
      return [{ ...one, id }];
    }
    const row = drafted.get(one.row);
    rejected.push(rejection(row, [located(repeated(id, first.get(id)), row)], drafts, schema));
    return [];
  });
}

function repeated(id, row) {
  return {
    en: `the id stands in row ${row} already`,
    zh: `编号与第 ${row} 行重复`,
    field: "id",
    value: id,
    remedyEn: "give every site an id of its own",
    remedyZh: "请为每个选址使用唯一编号",
  };
}
