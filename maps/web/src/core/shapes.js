/**
 * Shapes of sites: one kind, valid, of a plausible size; what is repaired is noted. See geo/sites/shape.py.
 */

import polygonClipping from "polygon-clipping";

import { indexed } from "./inside.js";
import { areaOf } from "./overlap.js";

const REPAIR_SHARE = 0.01; // a repair may change the area by this share at most
const NOWHERE = 0.01; // degrees around 0, 0
const SMALL_M2 = 100; // below and above, no park is likely
const LARGE_M2 = 1e8;

/** @typedef {[string, string]} Note Chinese and English */

/**
 * A point, polygon or multipolygon in two dimensions, in the file's own coordinates.
 *
 * @param {object|null} geometry GeoJSON
 * @returns {{geometry?: object, notes: Note[], fault?: object}} a fault where there is none, or it is of another kind
 */
export function singleKind(geometry) {
  if (geometry === null || isEmpty(geometry)) return { notes: [], fault: noGeometry() };
  let flat = geometry;
  const notes = [];
  if (flat.type === "MultiPoint" && flat.coordinates.length === 1) flat = { type: "Point", coordinates: flat.coordinates[0] };
  if (flat.type === "GeometryCollection") {
    const areas = polygonsIn(flat);
    if (areas.length) {
      flat = merged(areas);
      notes.push(["几何集合中只取面。", "of a collection of shapes only the polygons are taken."]);
    }
  }
  if (flat.type !== "Point" && flat.type !== "Polygon" && flat.type !== "MultiPolygon") {
    return { notes: [], fault: otherKind(flat.type) };
  }
  return { geometry: { type: flat.type, coordinates: inPlane(flat.coordinates) }, notes };
}

/** Coordinates without heights. */
function inPlane(part) {
  return typeof part[0] === "number" ? part.slice(0, 2) : part.map(inPlane);
}

/** Whether a geometry has no position at all. */
export function isEmpty(geometry) {
  if (geometry.type === "GeometryCollection") return geometry.geometries.every(isEmpty);
  return !geometry.coordinates.flat(4).length;
}

function polygonsIn(geometry) {
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(polygonsIn);
  if (geometry.type === "Polygon") return geometry.coordinates.length ? [geometry.coordinates] : [];
  return geometry.type === "MultiPolygon" ? geometry.coordinates : [];
}

function merged(polygons) {
  if (polygons.length === 1) return { type: "Polygon", coordinates: polygons[0] };
  return areaGeometry(polygonClipping.union(...polygons.map((one) => [inPlane(one)])));
}

const areaGeometry = (polygons) =>
  polygons.length === 1 ? { type: "Polygon", coordinates: polygons[0] } : { type: "MultiPolygon", coordinates: polygons };

/** West, south, east, north. */
export function bounds(geometry) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (part) => {
    if (typeof part[0] !== "number") return part.forEach(visit);
    box[0] = Math.min(box[0], part[0]);
    box[1] = Math.min(box[1], part[1]);
    box[2] = Math.max(box[2], part[0]);
    box[3] = Math.max(box[3], part[1]);
    return undefined;
  };
  if (geometry.type === "GeometryCollection") geometry.geometries.forEach((one) => !isEmpty(one) && visit([bounds(one).slice(0, 2), bounds(one).slice(2)]));
  else visit(geometry.coordinates);
  return box;
}

/** The geometry with x and y changed places. */
export function swapped(geometry) {
  const turn = (part) => (typeof part[0] === "number" ? [part[1], part[0]] : part.map(turn));
  return { ...geometry, coordinates: turn(geometry.coordinates) };
}

/** Number of positions. */
export function vertexCount(geometry) {
  if (geometry?.geometries) return geometry.geometries.reduce((sum, one) => sum + vertexCount(one), 0);
  const count = (part) => (!Array.isArray(part) ? 0 : typeof part[0] === "number" ? 1 : part.reduce((sum, one) => sum + count(one), 0));
  return count(geometry?.coordinates);
}

/**
 * A polygon with every ring closed, and whether one had to be.
 *
 * @returns {{geometry: object|null, closed: boolean}} null where a ring is no more than a line
 */
export function closeRings(geometry) {
  if (geometry.type === "GeometryCollection") {
    const parts = geometry.geometries.map(closeRings);
    if (parts.some((one) => one.geometry === null)) return { geometry: null, closed: false };
    return { geometry: { ...geometry, geometries: parts.map((one) => one.geometry) }, closed: parts.some((one) => one.closed) };
  }
  if (geometry.type !== "Polygon" && geometry.type !== "MultiPolygon") return { geometry, closed: false };
  let closed = false;
  let broken = false;
  const close = (ring) => {
    if (!ring.length) return ring;
    const [first, last] = [ring[0], ring.at(-1)];
    const same = first[0] === last[0] && first[1] === last[1];
    if (!same) closed = true;
    const whole = same ? ring : [...ring, first];
    if (!same && whole.length < 4) broken = true;
    return whole;
  };
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const made = polygons.map((rings) => rings.map(close));
  if (broken) return { geometry: null, closed };
  return { geometry: { type: geometry.type, coordinates: geometry.type === "Polygon" ? made[0] : made }, closed };
}

/**
 * Size of a polygon in WGS84 degrees.
 *
 * @returns {number} square metres of EPSG:4547; of rings that cross themselves what their windings leave
 */
export function areaM2({ type, coordinates }) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return polygons.reduce((sum, rings) => {
    const [outer, ...holes] = rings.map((ring) => Math.abs(areaOf(indexed([[Float64Array.from(ring.flat())]]))));
    return sum + outer - holes.reduce((all, one) => all + one, 0);
  }, 0);
}

/**
 * A valid shape in WGS84; a crossing outline is repaired if its area stays within 1 %.
 *
 * @returns {{geometry?: object, notes: Note[], fault?: object}}
 */
export function mend(geometry) {
  if (geometry.type === "Point") return { geometry, notes: [] };
  const reason = invalidity(geometry);
  if (reason === null) return { geometry, notes: [] };
  const fixed = repaired(geometry);
  const before = areaM2(geometry);
  const after = fixed ? areaM2(fixed) : 0;
  if (!fixed || Math.abs(after - before) > REPAIR_SHARE * after) return { notes: [], fault: invalid(reason, before, after) };
  const [said, now] = [before, after].map((one) => grouped(one, 1));
  const [zh, en] =
    said === now
      ? [`面积仍为 ${now} 平方米`, `its area is still ${now} m²`]
      : [`面积由 ${said} 变为 ${now} 平方米`, `its area went from ${said} to ${now} m²`];
  return { geometry: fixed, notes: [[`面要素自相交已修复，${zh}。`, `the outline crossed itself and was repaired; ${en}.`]] };
}

/** What the crossing outlines enclose an odd number of times; null for nothing. */
function repaired({ type, coordinates }) {
  try {
    const polygons = polygonClipping.union(type === "Polygon" ? [coordinates] : coordinates);
    return polygons.length ? areaGeometry(polygons) : null;
  } catch {
    return null;
  }
}

/**
 * A note where a polygon is smaller than 100 m² or larger than 100 km², or a point lies at 0, 0.
 *
 * @returns {Note[]}
 */
export function plausible(geometry) {
  if (geometry.type === "Point") {
    const nowhere = geometry.coordinates.every((one) => Math.abs(one) < NOWHERE);
    return nowhere ? [["坐标为 0, 0，似为空值，请核对。", "the position is 0, 0, which looks like an empty cell; check it."]] : [];
  }
  const area = areaM2(geometry);
  if (area >= SMALL_M2 && area <= LARGE_M2) return [];
  const shown = area < SMALL_M2 ? `${grouped(area, 1)} m²` : `${grouped(area / 1e6, 1)} km²`;
  return [[`面积 ${shown}，作为园区不合常理，请核对。`, `an area of ${shown} is implausible for a park; check it.`]];
}

/**
 * Why an outline is not valid, in the words of GEOS; null where it is.
 *
 * @param {object} geometry Polygon or MultiPolygon with closed rings
 * @returns {string|null}
 */
export function invalidity({ type, coordinates }) {
  const polygons = (type === "Polygon" ? [coordinates] : coordinates).filter((rings) => rings.length);
  for (const rings of polygons) {
    const thin = rings.find((ring) => new Set(ring.map(String)).size < 3);
    if (thin) return `Too few points in geometry component${at(thin[0])}`;
  }
  const edges = [];
  polygons.forEach((rings, part) =>
    rings.forEach((ring, number) => {
      const vertices = ring.filter((one, index) => !index || one[0] !== ring[index - 1][0] || one[1] !== ring[index - 1][1]);
      const last = vertices.length - 2;
      for (let index = 0; index <= last; index += 1) {
        edges.push({ part, number, index, last, from: vertices[index], to: vertices[index + 1] });
      }
    }),
  );
  const crossing = firstCrossing(edges);
  if (crossing) return crossing;
  return misplaced(polygons);
}

const at = ([x, y]) => `[${x} ${y}]`;

/** The first place where edges meet as edges of a valid outline do not. */
function firstCrossing(edges) {
  const order = edges
    .map((edge) => ({ edge, west: Math.min(edge.from[0], edge.to[0]), east: Math.max(edge.from[0], edge.to[0]) }))
    .sort((one, other) => one.west - other.west);
  const active = [];
  for (const one of order) {
    let kept = 0;
    for (const other of active) {
      if (other.east < one.west) continue;
      active[kept] = other;
      kept += 1;
      const reason = meeting(one.edge, other.edge);
      if (reason) return reason;
    }
    active.length = kept;
    active.push(one);
  }
  return null;
}

/** Why two edges may not both belong to a valid outline; null where they may. */
function meeting(one, other) {
  const [south, north] = [Math.min(one.from[1], one.to[1]), Math.max(one.from[1], one.to[1])];
  if (Math.max(other.from[1], other.to[1]) < south || Math.min(other.from[1], other.to[1]) > north) return null;
  const sides = [
    side(one.from, one.to, other.from), side(one.from, one.to, other.to),
    side(other.from, other.to, one.from), side(other.from, other.to, one.to),
  ];
  if (sides[0] * sides[1] < 0 && sides[2] * sides[3] < 0) return `Self-intersection${at(crossingPoint(one, other))}`;
  if (sides.every((each) => each === 0)) return alongEachOther(one, other);
  const touch = [other.from, other.to, one.from, one.to].find((point, number) => sides[number] === 0 && isBetween(number < 2 ? one : other, point));
  if (!touch || one.part !== other.part || one.number !== other.number || isNeighbour(one, other)) return null;
  return `Ring Self-intersection${at(touch)}`;
}

function alongEachOther(one, other) {
  const axis = Math.abs(one.to[0] - one.from[0]) > Math.abs(one.to[1] - one.from[1]) ? 0 : 1;
  const span = ({ from, to }) => (from[axis] < to[axis] ? [from, to] : [to, from]);
  const [first, second] = [span(one), span(other)];
  const start = first[0][axis] > second[0][axis] ? first[0] : second[0];
  const end = first[1][axis] < second[1][axis] ? first[1] : second[1];
  if (start[axis] < end[axis]) return `Self-intersection${at(start)}`;
  if (start[axis] > end[axis] || isNeighbour(one, other)) return null;
  return one.part === other.part && one.number === other.number ? `Ring Self-intersection${at(start)}` : null;
}

function isNeighbour(one, other) {
  if (one.part !== other.part || one.number !== other.number) return false;
  const apart = Math.abs(one.index - other.index);
  return apart === 1 || apart === one.last;
}

const side = (from, to, point) => Math.sign((to[0] - from[0]) * (point[1] - from[1]) - (to[1] - from[1]) * (point[0] - from[0]));

function isBetween({ from, to }, [x, y]) {
  return x >= Math.min(from[0], to[0]) && x <= Math.max(from[0], to[0]) && y >= Math.min(from[1], to[1]) && y <= Math.max(from[1], to[1]);
}

function crossingPoint({ from: [x0, y0], to: [x1, y1] }, { from: [x2, y2], to: [x3, y3] }) {
  const share = ((x2 - x0) * (y3 - y2) - (y2 - y0) * (x3 - x2)) / ((x1 - x0) * (y3 - y2) - (y1 - y0) * (x3 - x2));
  return [x0 + share * (x1 - x0), y0 + share * (y1 - y0)];
}

/** A hole outside its polygon, or polygons within each other; null where all is in place. */
function misplaced(polygons) {
  const flat = polygons.map((rings) => rings.map((ring) => ring.map(([x, y]) => [x, y])));
  for (const [outer, ...holes] of flat) {
    for (const hole of holes) if (!holds(outer, hole)) return `Hole lies outside shell${at(hole[0])}`;
    for (const hole of holes) {
      if (holes.some((other) => other !== hole && holds(other, hole))) return `Holes are nested${at(hole[0])}`;
    }
  }
  for (const [outer] of flat) {
    for (const [other, ...holes] of flat) {
      if (other !== outer && holds(other, outer) && !holes.some((hole) => holds(hole, outer))) return `Nested shells${at(outer[0])}`;
    }
  }
  return null;
}

/** Whether a ring that does not cross another lies in it. */
function holds(ring, inner) {
  for (const point of inner) {
    const place = sideOfRing(ring, point);
    if (place !== 0) return place > 0;
  }
  return true;
}

/** 1 inside, 0 on the line, -1 outside. */
function sideOfRing(ring, [x, y]) {
  let inside = -1;
  for (let index = 1; index < ring.length; index += 1) {
    const edge = { from: ring[index - 1], to: ring[index] };
    const turn = side(edge.from, edge.to, [x, y]);
    if (turn === 0 && isBetween(edge, [x, y])) return 0;
    if (edge.from[1] > y !== edge.to[1] > y && turn > 0 === edge.to[1] > edge.from[1]) inside = -inside;
  }
  return inside;
}

function noGeometry() {
  return {
    en: "the record has no usable geometry",
    zh: "该记录没有可用的几何",
    field: "geometry",
    value: null,
    remedyEn: "draw the site again",
    remedyZh: "请重新绘制该地块",
  };
}

function otherKind(type) {
  return {
    en: `a site is a point or a polygon, not a ${type}`,
    zh: `选址应为点或面，而不是 ${type}`,
    field: "geometry",
    value: type,
    remedyEn: "give the outline as a polygon",
    remedyZh: "请以面要素给出范围",
  };
}

function invalid(reason, before, after) {
  const [said, now] = [before, after].map((one) => grouped(one, 0));
  return {
    en: `the polygon is not valid: ${reason}; repaired, its area would go from ${said} to ${now} m²`,
    zh: `面要素无效：${reason}；若自动修复，面积将由 ${said} 变为 ${now} 平方米`,
    field: "geometry",
    value: null,
    remedyEn: "repair the polygon (QGIS: Fix geometries)",
    remedyZh: "请修复几何（QGIS：修正几何图形）",
  };
}

const grouped = (number, digits) =>
  number.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
