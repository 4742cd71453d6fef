/**
 * Datums in which a position is given, and their way to WGS84; the same formulas as geo/crs.
 *
 * CGCS2000 is taken as WGS84, as everywhere in parksite. GCJ-02 and BD-09 are shifted where web
 * maps do so, inside a coarse ring that the page's data carries.
 */

import proj4 from "proj4";

import { insideRing } from "./inside.js";
import { length } from "./measure.js";

/**
 * @typedef {object} Datum
 * @property {string} id
 * @property {string} zh
 * @property {string} en
 * @property {{zh: string, en: string}[]} axes names of the first and the second number
 */

const DEGREES = Object.freeze([
  { zh: "经度", en: "longitude" },
  { zh: "纬度", en: "latitude" },
]);
const METRES = Object.freeze([
  { zh: "东（横坐标）", en: "east" },
  { zh: "北（纵坐标）", en: "north" },
]);

/** @type {readonly Datum[]} */
export const DATUMS = Object.freeze([
  { id: "wgs84", zh: "WGS84 经纬度", en: "WGS84 longitude and latitude", axes: DEGREES },
  { id: "cgcs2000", zh: "CGCS2000 经纬度", en: "CGCS2000 longitude and latitude", axes: DEGREES },
  { id: "gcj02", zh: "GCJ-02（高德、腾讯地图）", en: "GCJ-02 (AMap, Tencent)", axes: DEGREES },
  { id: "bd09", zh: "BD-09（百度地图）", en: "BD-09 (Baidu)", axes: DEGREES },
  {
    id: "epsg:4547",
    zh: "CGCS2000 / 3度带 中央经线 114°E (EPSG:4547)",
    en: "CGCS2000 / 3-degree Gauss-Kruger CM 114E (EPSG:4547)",
    axes: METRES,
  },
]);

const GRID = proj4(
  "+proj=longlat +ellps=GRS80 +no_defs",
  "+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs",
);
const DENSE_DEGREES = 0.01;
const DENSE_BD09 = 0.002; // its waves are short
const DENSE_METRES = 500;

const SEMI_MAJOR = 6378245;
const ECCENTRICITY2 = 0.006693421622965943;
const BD_FACTOR = (Math.PI * 3000) / 180;
const ROUNDS = 7; // each divides the error by some 500

const radians = (degrees) => (degrees * Math.PI) / 180;
const degrees = (angle) => (angle * 180) / Math.PI;

/**
 * Degrees (EPSG:4490) as metres of EPSG:4547.
 *
 * @param {number} lon
 * @param {number} lat
 * @returns {[number, number]} east, north
 */
export function toMetres(lon, lat) {
  return GRID.forward([lon, lat]);
}

/**
 * Metres of EPSG:4547 as degrees; the inverse of `toMetres`.
 *
 * @param {number} x east
 * @param {number} y north
 * @returns {[number, number]} lon, lat
 */
export function toDegrees(x, y) {
  return GRID.inverse([x, y]);
}

/** Whether a datum's numbers are degrees. */
export function isAngular(datum) {
  return known(datum) !== "epsg:4547";
}

/**
 * Conversions with the extent of GCJ-02 that the page's data holds.
 *
 * @param {{gcj02_ring: number[]}} data lon, lat, lon, lat, … of the ring
 */
export function makeDatums(data) {
  const ring = closed(data.gcj02_ring);

  /** Whether web maps shift a position (WGS84 degrees). */
  const isShifted = (lon, lat) => insideRing(ring, lon, lat) > 0;

  function gcj02ToWgs84(lon, lat) {
    if (!(lon > 70 && lon < 140 && lat > 10 && lat < 60)) return [lon, lat];
    let guess = [lon, lat];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [east, north] = gcj02Shift(...guess);
      guess = [lon - east, lat - north];
    }
    return isShifted(...guess) ? guess : [lon, lat];
  }

  function wgs84ToGcj02(lon, lat) {
    if (!isShifted(lon, lat)) return [lon, lat];
    const [east, north] = gcj02Shift(lon, lat);
    return [lon + east, lat + north];
  }

  const ways = {
    wgs84: { to: (x, y) => [x, y], from: (lon, lat) => [lon, lat] },
    cgcs2000: { to: (x, y) => [x, y], from: (lon, lat) => [lon, lat] },
    gcj02: { to: gcj02ToWgs84, from: wgs84ToGcj02 },
    bd09: {
      to: (x, y) => gcj02ToWgs84(...bd09ToGcj02(x, y)),
      from: (lon, lat) => gcj02ToBd09(...wgs84ToGcj02(lon, lat)),
    },
    "epsg:4547": { to: toDegrees, from: toMetres },
  };

  /**
   * A position in WGS84.
   *
   * @param {number} x longitude, or metres east
   * @param {number} y latitude, or metres north
   * @param {string} datum id of `DATUMS`
   * @returns {{lon: number, lat: number, shift: number}} `shift`: metres between the position as
   *   it was given, taken as WGS84, and the converted one; 0 for metres
   */
  function toWgs84(x, y, datum) {
    const [lon, lat] = ways[known(datum)].to(x, y);
    return { lon, lat, shift: isAngular(datum) ? length([[x, y], [lon, lat]]) : 0 };
  }

  /**
   * A WGS84 position in a datum.
   *
   * @param {number} lon
   * @param {number} lat
   * @param {string} datum
   * @returns {[number, number]} longitude and latitude, or metres east and north
   */
  function fromWgs84(lon, lat, datum) {
    return ways[known(datum)].from(lon, lat);
  }

  /**
   * A geometry in WGS84. Long edges are made dense first: straight in one system is not
   * straight in another.
   *
   * @param {{type: string, coordinates: Array}} geometry Point, Polygon or MultiPolygon in `datum`
   * @param {string} datum
   */
  function geometryToWgs84(geometry, datum) {
    if (datum === "wgs84" || datum === "cgcs2000") return geometry;
    const longest = datum === "bd09" ? DENSE_BD09 : isAngular(datum) ? DENSE_DEGREES : DENSE_METRES;
    const position = ([x, y]) => ways[known(datum)].to(x, y);
    const line = (vertices) => dense(vertices, longest).map(position);
    const { type, coordinates } = geometry;
    if (type === "Point") return { type, coordinates: position(coordinates) };
    if (type === "Polygon") return { type, coordinates: coordinates.map(line) };
    return { type, coordinates: coordinates.map((polygon) => polygon.map(line)) };
  }

  return { DATUMS, toWgs84, fromWgs84, geometryToWgs84, isShifted, toMetres, toDegrees, isAngular, arrange };
}

/**
 * A pair of numbers in the order of the datum's axes. Latitude before longitude, and north
 * before east as on Chinese survey sheets, are recognised where the other order cannot be.
 *
 * @param {number} first
 * @param {number} second
 * @param {string} datum
 * @returns {{x: number, y: number, swapped: boolean}}
 */
export function arrange(first, second, datum) {
  const fits = isAngular(datum) ? inDegrees : aroundGuangdong;
  const swapped = !fits(first, second) && fits(second, first);
  return swapped ? { x: second, y: first, swapped } : { x: first, y: second, swapped };
}

const inDegrees = (lon, lat) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90;

/** Whether metres of EPSG:4547 lie in or around Guangdong. */
function aroundGuangdong(x, y) {
  const [lon, lat] = toDegrees(x, y);
  return lon >= 109 && lon <= 118 && lat >= 20 && lat <= 26;
}

/**
 * A ring or line with edges no longer than `longest`.
 *
 * @param {number[][]} vertices
 * @param {number} longest in the vertices' own units
 * @returns {number[][]}
 */
export function dense(vertices, longest) {
  const found = vertices.slice(0, 1);
  for (let at = 1; at < vertices.length; at += 1) {
    const [x0, y0] = vertices[at - 1];
    const [x1, y1] = vertices[at];
    const pieces = Math.ceil(Math.hypot(x1 - x0, y1 - y0) / longest);
    for (let piece = 1; piece < pieces; piece += 1) {
      found.push([x0 + ((x1 - x0) * piece) / pieces, y0 + ((y1 - y0) * piece) / pieces]);
    }
    found.push([x1, y1]);
  }
  return found;
}

function known(datum) {
  if (!DATUMS.some(({ id }) => id === datum)) throw new RangeError(`the datum ${datum} is not known`);
  return datum;
}

function closed(ring) {
  const same = ring[0] === ring.at(-2) && ring[1] === ring.at(-1);
  return Float64Array.from(same ? ring : [...ring, ring[0], ring[1]]);
}

/** Shift from WGS84 to GCJ-02 in degrees, wherever that is. */
function gcj02Shift(lon, lat) {
  const x = lon - 105;
  const y = lat - 35;
  const { PI, sin, sqrt, abs } = Math;
  const root = sqrt(abs(x));
  const wave = 20 * sin(6 * x * PI) + 20 * sin(2 * x * PI);
  const north =
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root +
    ((wave + 20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3 +
    ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
  const east =
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root +
    ((wave + 20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3 +
    ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  const phi = radians(lat);
  const magic = 1 - ECCENTRICITY2 * sin(phi) ** 2;
  const meridian = (SEMI_MAJOR * (1 - ECCENTRICITY2)) / (magic * sqrt(magic));
  const parallel = (SEMI_MAJOR / sqrt(magic)) * Math.cos(phi);
  return [degrees(east / parallel), degrees(north / meridian)];
}

function gcj02ToBd09(lon, lat) {
  const radius = Math.hypot(lon, lat) + 2e-5 * Math.sin(lat * BD_FACTOR);
  const angle = Math.atan2(lat, lon) + 3e-6 * Math.cos(lon * BD_FACTOR);
  return [radius * Math.cos(angle) + 0.0065, radius * Math.sin(angle) + 0.006];
}

function bd09ToGcj02(lon, lat) {
  let [guessLon, guessLat] = [lon - 0.0065, lat - 0.006];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [shownLon, shownLat] = gcj02ToBd09(guessLon, guessLat);
    guessLon += lon - shownLon;
    guessLat += lat - shownLat;
  }
  return [guessLon, guessLat];
}
