/** Outlines and borders of the page, decoded. Degrees are CGCS2000, taken as WGS84; metres are EPSG:4547. */

import { once, openNumbers } from "./columns.js";

/**
 * @typedef {Float64Array} Ring x0, y0, x1, y1, …, the first vertex again at the end
 * @typedef {Ring[]} Polygon outer ring, then holes
 * @typedef {Polygon[]} Area
 * @typedef {object} Ground
 * @property {{id: string, area: Area, approximate: boolean}[]} districts in the fixed order, degrees
 * @property {{id: string, area: Area}[]} second second opinion, degrees; may be empty
 * @property {{area: Area}[]} secondOutside areas outside the city in the second source
 * @property {{zh: string, en: string, area: Area}[]} neighbours
 * @property {Area | null} uncertain where the line of Shenshan may run
 * @property {Object<string, Float64Array[]>} borders lines by district, metres of EPSG:4547
 */

/**
 * Opens the `ground` of the page's data; each of its parts is decoded when first asked for.
 *
 * @param {object} payload as geo/webmap writes it
 * @returns {Promise<Ground>}
 */
export async function decodeGround(payload) {
  const perDegree = Math.round(1 / payload.scale);
  const perMetre = Math.round(1 / payload.metric_scale);
  const areas = async (packed) => (packed ? openAreas(packed, perDegree) : () => []);
  const [districts, second, secondOutside, neighbours, uncertain, lines] = await Promise.all([
    areas(payload.districts),
    areas(payload.second),
    areas(payload.second_outside),
    areas(payload.neighbours),
    areas(payload.uncertain),
    openLines(payload.borders, perMetre),
  ]);
  const approximate = new Set(payload.approximate);
  return withParts({
    districts: () => districts().map((area, at) => ({
      id: payload.districts.ids[at],
      area,
      approximate: approximate.has(payload.districts.ids[at]),
    })),
    second: () => second().map((area, at) => ({ id: payload.second.ids[at], area })),
    secondOutside: () => secondOutside().map((area) => ({ area })),
    neighbours: () => neighbours().map((area, at) => ({ ...payload.neighbours.names[at], area })),
    uncertain: () => uncertain()[0] ?? null,
    borders: () => Object.fromEntries(lines().map((one, at) => [payload.borders.ids[at], one])),
  });
}

/** An object whose values are made when first asked for. */
function withParts(makers) {
  return Object.defineProperties({}, Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, { get: once(make), enumerable: true }])));
}

/**
 * Areas from their shape and packed vertices.
 *
 * @param {{shape: number[][][], xy: string}} packed vertices of every ring of every polygon of every area
 * @param {number} scale whole numbers to a unit; dividing gives the very decimals that were packed
 * @returns {Promise<Area[]>}
 */
export async function decodeAreas(packed, scale) {
  return (await openAreas(packed, scale))();
}

async function openAreas(packed, scale) {
  const numbers = await opened(packed, scale);
  return () => {
    const take = taker(numbers());
    return packed.shape.map((area) => area.map((polygon) => polygon.map(take)));
  };
}

/** Lines by area, as `openAreas`. */
async function openLines(packed, scale) {
  const numbers = await opened(packed, scale);
  return () => {
    const take = taker(numbers());
    return packed.shape.map((one) => one.map(take));
  };
}

/** Numbers of all vertices, of which there are as many as the shape says; each is divided by `scale`. */
function opened({ shape, xy }, scale) {
  const count = 2 * shape.flat(Infinity).reduce((sum, one) => sum + one, 0);
  return openNumbers(xy, { count, parts: scale, axes: 2 });
}

/** Gives the next n vertices of all. */
function taker(numbers) {
  let from = 0;
  return (vertices) => {
    const start = from;
    from += 2 * vertices;
    return numbers.slice(start, from);
  };
}
