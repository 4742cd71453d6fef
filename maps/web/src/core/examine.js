/**
 * What the numbers of a file that declares no datum look like; a small sibling of geo/detective.
 *
 * Each way to read them is tried: how many rows come to lie in or around the city, and how many in the
 * district that they name themselves. WGS84 as it stands is kept unless another way is clearly better.
 */

const MOST_ROWS = 400;
const WINDOW = [113.2, 21.9, 116.0, 23.5]; // degrees: the city and some 50 km around it
const READINGS = [
  { datum: "wgs84", swap: false }, { datum: "gcj02", swap: false }, { datum: "bd09", swap: false },
  { datum: "wgs84", swap: true }, { datum: "gcj02", swap: true }, { datum: "bd09", swap: true },
  { datum: 4547, swap: false }, { datum: 4547, swap: true },
];
const CLEAR_ROWS = 3; // so many more rows in their own district, and
const CLEAR_SHARE = 0.15; // this share of those that name one, tell the datums of the web maps apart
const ZONED = [37, 38, 39]; // three-degree zones that stand before the easting

/**
 * @param {object} drafts of `draft` in core/rows.js
 * @param {{locate: Function, ground: object, datums: object, districtOf: (word: string) => string|null}} tools
 * @returns {{rows: number, undeclared: boolean, best: {datum: string|number, swap: boolean}, fits: boolean, said: [string, string]|null,
 *   counts: {datum: string|number, swap: boolean, inside: number, agree: number, named: number}[]}} `undeclared`: some usable rows,
 *   and nobody for them, declare no datum; `fits`: the best reading puts most rows in or around the city
 */
export function examine(drafts, tools) {
  const silent = drafts.declared === null ? drafts.rows.filter((row) => row.datum === null && !row.faults.length) : [];
  const placed = silent.filter(positionOf);
  const step = Math.max(1, Math.ceil(placed.length / MOST_ROWS));
  const rows = placed
    .filter((_row, at) => at % step === 0)
    .map((row) => ({ at: positionOf(row), named: row.district === null ? null : tools.districtOf(row.district) }));
  const counts = READINGS.map((reading) => weigh(reading, rows, tools));
  const asIs = counts[0];
  let best = counts.reduce((top, one) => (one.inside > top.inside ? one : top), asIs);
  if (2 * asIs.inside >= rows.length) best = asIs;
  const kin = counts.filter((one) => one.swap === best.swap && typeof one.datum === typeof best.datum && 2 * one.inside >= rows.length);
  const clear = (one) => one.agree - best.agree >= Math.max(CLEAR_ROWS, CLEAR_SHARE * one.named);
  best = kin.filter(clear).reduce((top, one) => (one.agree > top.agree ? one : top), best);
  const fits = rows.length > 0 && 2 * best.inside >= rows.length;
  return { rows: rows.length, undeclared: silent.length > 0, best: { datum: best.datum, swap: best.swap }, fits, said: evidence({ best, asIs, rows, fits }), counts };
}

/** Two numbers of a row, the middle of a geometry's box; null where it has none. */
function positionOf(row) {
  if (row.geometry === null) return row.x === null || row.y === null ? null : [row.x, row.y];
  const found = [];
  const visit = (part) => (typeof part[0] === "number" ? found.push(part) : part.forEach(visit));
  if (row.geometry.geometries) return null;
  visit(row.geometry.coordinates);
  if (!found.length) return null;
  const middle = (axis) => {
    const numbers = found.map((one) => one[axis]);
    return (numbers.reduce((low, one) => Math.min(low, one)) + numbers.reduce((high, one) => Math.max(high, one))) / 2;
  };
  return [middle(0), middle(1)];
}

function weigh({ datum, swap }, rows, { locate, ground, datums }) {
  const found = { datum, swap, inside: 0, agree: 0, named: 0 };
  for (const { at, named } of rows) {
    const [x, y] = swap ? [at[1], at[0]] : at;
    if (typeof datum === "string" && !(Math.abs(x) <= 180 && Math.abs(y) <= 90)) continue;
    const { lon, lat } = datums.toWgs84(x, y, typeof datum === "number" ? `epsg:${datum}` : datum);
    if (!(lon > WINDOW[0] && lon < WINDOW[2] && lat > WINDOW[1] && lat < WINDOW[3])) continue;
    found.inside += 1;
    if (named === null) continue;
    found.named += 1;
    if (locate(ground, { type: "Point", coordinates: [lon, lat] }).district === named) found.agree += 1;
  }
  return found;
}

/** One or two sentences with the counts; null where there is nothing to remark. */
function evidence({ best, asIs, rows, fits }) {
  if (!rows.length) return null;
  if (!fits) return strange(rows);
  if (best === asIs) return null;
  const [zh, en] = wordsOf(best);
  const named = best.named && best.agree !== asIs.agree;
  return [
    `按 WGS84 读取，${rows.length} 行中 ${asIs.inside} 行在深圳及周边${named ? `、${asIs.agree} 行与所填区相符` : ""}；按${zh}读取，${best.inside} 行在内${named ? `、${best.agree} 行相符` : ""}。`,
    `Read as WGS84, ${asIs.inside} of ${rows.length} rows lie in or around Shenzhen${named ? `, ${asIs.agree} in the district that they name` : ""}; read as ${en}, ${best.inside}${named ? ` and ${best.agree}` : ""}.`,
  ];
}

function wordsOf({ datum, swap }) {
  const name = { wgs84: "WGS84", gcj02: "GCJ-02", bd09: "BD-09", 4547: "EPSG:4547" }[datum];
  if (!swap) return [` ${name} `, name];
  return typeof datum === "number" ? [` ${name}（X 北、Y 东）`, `${name} with X north and Y east`] : [` ${name}（纬度在前）`, `${name} with latitude first`];
}

/** What is said of numbers that fit nothing that the page converts. */
function strange(rows) {
  const zone = ZONED.find((one) => 2 * rows.filter(({ at }) => at.some((number) => Math.floor(number / 1e6) === one)).length >= rows.length);
  if (zone) {
    return [
      `数字前两位为带号 ${zone}（3 度带 CGCS2000 坐标），本页不能换算，请用 parksite check 文件 --crs EPSG:${4488 + zone} 核对。`,
      `The numbers begin with the zone ${zone} of a three-degree grid of CGCS2000, which this page does not convert: have the file checked with parksite check FILE --crs EPSG:${4488 + zone}.`,
    ];
  }
  return [
    "按已知的坐标系读取，多数行都不在深圳及周边；请核实坐标系，或用 parksite check 文件 核对。",
    "No known system puts most rows in or around Shenzhen: find out which it is, or have the file checked with parksite check FILE.",
  ];
}
