/**
 * Sites to districts: shares, certainty, distance to the border; the rules of geo/join.py.
 *
 * A position on a shared border is tied: the first district in the order of the ids is given,
 * `possible` names them all. The second opinion overrides nothing: where it differs, the answer
 * is `near_boundary`.
 */

import { distanceToOutline, distanceToPoint, runsOf } from "./borders.js";
import { dense, toMetres } from "./datum.js";
import { indexed, insideArea } from "./inside.js";
import { areaOf, intersects, overlapOf } from "./overlap.js";
import { pointOnSurface } from "./surface.js";

/**
 * @typedef {object} Location
 * @property {string | null} district null outside every district
 * @property {Object<string, number>} shares share of the site by district, `outside` included
 * @property {"certain" | "near_boundary" | "straddles" | "outside"} certainty
 * @property {string[]} possible candidate areas where that is neither certain nor outside
 * @property {number | null} distance metres to the nearest border with another area or the city
 *   limit, coast left out; null where no border is known
 * @property {number | null} areaM2 of a polygon, in EPSG:4547
 * @property {number} lon the position, or a point inside the polygon, WGS84
 * @property {number} lat
 */

const OUTSIDE = "outside";
const NOISE_M2 = 1000; // the sources are no truer than this; only if below a thousandth of the site, too
const NOISE_SHARE = 1e-3;
const DENSE_DEGREES = 0.01;

const indexes = new WeakMap();

/**
 * Locate a point or polygon.
 *
 * @param {import("./ground.js").Ground} ground
 * @param {{type: "Point" | "Polygon" | "MultiPolygon", coordinates: Array}} geometry WGS84 degrees
 * @returns {Location}
 */
export function locate(ground, geometry) {
  const index = indexOf(ground);
  return geometry.type === "Point" ? locatePoint(index, ...geometry.coordinates) : locateArea(index, areaFrom(geometry));
}

function locatePoint(index, lon, lat) {
  const { shares, doubts } = placePoint(index, lon, lat);
  if (index.uncertain && insideArea(index.uncertain, lon, lat) >= 0) doubtShenshan(shares, doubts);
  const decided = decide(index, shares, doubts);
  const distance = known(distanceToPoint(index.runs(decided.district), ...toMetres(lon, lat)));
  return { ...decided, shares, distance, areaM2: null, lon, lat };
}

function locateArea(index, area) {
  const site = indexed(area);
  const [lon, lat] = pointOnSurface(area);
  const { size, shares, doubts } = placeArea(index, site, lon, lat);
  if (index.uncertain && intersects(index.uncertain, site)) doubtShenshan(shares, doubts);
  const decided = decide(index, shares, doubts);
  const distance = known(distanceToSite(index, index.runs(decided.district), area));
  return { ...decided, shares, distance, areaM2: size, lon, lat };
}

/** District of a point; ties and a differing second opinion become doubts. */
function placePoint(index, lon, lat) {
  const doubts = new Set();
  let shares = null;
  for (const { id, area } of index.districts) {
    if (insideArea(area, lon, lat) < 0) continue;
    doubts.add(id);
    shares ??= { [id]: 1 };
  }
  if (index.neighbours.some((area) => insideArea(area, lon, lat) === 0)) doubts.add(OUTSIDE);
  for (const { id, area } of index.second) if (insideArea(area, lon, lat) >= 0) doubts.add(id);
  return { shares: shares ?? { [OUTSIDE]: 1 }, doubts };
}

/** Shares of a polygon by area, the rest being outside; one without an area is placed as a point on it. */
function placeArea(index, site, lon, lat) {
  const size = areaOf(site);
  const noise = Math.min(NOISE_M2, size * NOISE_SHARE);
  const pieces = {};
  let covered = 0;
  for (const { id, area } of index.districts) {
    const piece = overlapOf(site, area);
    if (piece <= noise) continue;
    pieces[id] = piece;
    covered += piece;
  }
  pieces[OUTSIDE] = size - covered;
  const kept = index.order.filter((id) => pieces[id] > noise);
  const doubts = new Set(index.second.filter(({ area }) => overlapOf(site, area) > noise).map(({ id }) => id));
  if (!kept.length) {
    const placed = placePoint(index, lon, lat);
    return { size, shares: placed.shares, doubts: new Set([...placed.doubts, ...doubts]) };
  }
  const total = kept.reduce((sum, id) => sum + pieces[id], 0);
  return { size, shares: Object.fromEntries(kept.map((id) => [id, pieces[id] / total])), doubts };
}

/** Within the zone where the line of Shenshan may run, both sides are possible. */
function doubtShenshan(shares, doubts) {
  if (Object.keys(shares).every((id) => id === "shenshan" || id === OUTSIDE)) {
    doubts.add("shenshan").add(OUTSIDE);
  }
}

/** District, certainty and candidates from the shares and the doubts. */
function decide({ order }, shares, doubts) {
  const held = order.filter((id) => id in shares);
  const largest = held.reduce((best, id) => (shares[id] > shares[best] ? id : best));
  const candidates = order.filter((id) => id in shares || doubts.has(id));
  const district = largest === OUTSIDE ? null : largest;
  if (held.length > 1) return { district, certainty: "straddles", possible: candidates };
  if (candidates.length > 1) return { district, certainty: "near_boundary", possible: candidates };
  return { district, certainty: district === null ? "outside" : "certain", possible: [] };
}

/** Metres from a polygon to the nearest border; 0 where one touches it or runs inside it. */
function distanceToSite(index, runs, area) {
  const metric = area.map((polygon) => polygon.map(projected));
  const site = indexed(metric);
  if (runs.some(({ line, from }) => insideArea(site, line[from], line[from + 1]) >= 0)) return 0;
  return distanceToOutline(runs, metric.flat());
}

/** A ring in metres of EPSG:4547, long edges made dense first. */
function projected(ring) {
  const vertices = [];
  for (let at = 0; at < ring.length; at += 2) vertices.push([ring[at], ring[at + 1]]);
  return Float64Array.from(dense(vertices, DENSE_DEGREES).flatMap(([lon, lat]) => toMetres(lon, lat)));
}

const known = (distance) => (distance === Infinity ? null : distance);

/** Rings of a Polygon or MultiPolygon, closed. */
function areaFrom({ type, coordinates }) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return polygons.map((rings) => rings.map((vertices) => flat(vertices)));
}

function flat(vertices) {
  const [first, last] = [vertices[0], vertices.at(-1)];
  const ends = first[0] === last[0] && first[1] === last[1] ? [] : [first];
  return Float64Array.from([...vertices, ...ends].flatMap(([x, y]) => [x, y]));
}

/** The outlines of a ground with their boxes, made once. */
function indexOf(ground) {
  if (!indexes.has(ground)) indexes.set(ground, makeIndex(ground));
  return indexes.get(ground);
}

function makeIndex(ground) {
  const areas = (list) => list.map(({ id = OUTSIDE, area }) => ({ id, area: indexed(area) }));
  const borders = Object.fromEntries(Object.entries(ground.borders).map(([id, lines]) => [id, runsOf(lines)]));
  const all = Object.values(borders).flat();
  return {
    order: [...ground.districts.map(({ id }) => id), OUTSIDE],
    districts: areas(ground.districts),
    second: ground.second.length ? areas([...ground.second, ...ground.secondOutside]) : [],
    neighbours: ground.neighbours.map(({ area }) => indexed(area)),
    uncertain: ground.uncertain && indexed(ground.uncertain),
    runs: (district) => (district === null ? all : (borders[district] ?? [])),
  };
}
