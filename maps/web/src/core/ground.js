/** Outlines and borders of the page, decoded. Degrees are CGCS2000, taken as WGS84; metres are EPSG:4547. */

import { openNumbers } from "./columns.js";

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
 * Decode the `ground` of the page's data.
 *
 * @param {object} payload as geo/webmap writes it
 * @returns {Promise<Ground>}
 */
export async function decodeGround(payload) {
  const perDegree = Math.round(1 / payload.scale);
  const perMetre = Math.round(1 / payload.metric_scale);
  const areas = (packed) => (packed ? decodeAreas(packed, perDegree) : []);
  const [districts, second, secondOutside, neighbours, uncertain, lines] = await Promise.all([
    areas(payload.districts),
    areas(payload.second),
    areas(payload.second_outside),
    areas(payload.neighbours),
    areas(payload.uncertain),
    decodeLines(payload.borders, perMetre),
  ]);
  const approximate = new Set(payload.approximate);
  return {
    districts: districts.map((area, at) => ({
      id: payload.districts.ids[at],
      area,
      approximate: approximate.has(payload.districts.ids[at]),
    })),
    second: second.map((area, at) => ({ id: payload.second.ids[at], area })),
    secondOutside: secondOutside.map((area) => ({ area })),
    neighbours: neighbours.map((area, at) => ({ ...payload.neighbours.names[at], area })),
    uncertain: uncertain[0] ?? null,
    borders: Object.fromEntries(lines.map((one, at) => [payload.borders.ids[at], one])),
  };
}

/**
 * Areas from their shape and packed vertices.
 *
 * @param {{shape: number[][][], xy: string}} packed vertices of every ring of every polygon of every area
 * @param {number} scale whole numbers to a unit; dividing gives the very decimals that were packed
 * @returns {Promise<Area[]>}
 */
export async function decodeAreas(packed, scale) {
  const take = await opened(packed, scale);
  return packed.shape.map((area) => area.map((polygon) => polygon.map(take)));
}

/** Lines by area, as `decodeAreas`. */
async function decodeLines(packed, scale) {
  const take = await opened(packed, scale);
  return packed.shape.map((one) => one.map(take));
}

/** Gives the next n vertices of all, of which there are as many as the shape says; each number is divided by `scale`. */
async function opened({ shape, xy }, scale) {
  const count = 2 * shape.flat(Infinity).reduce((sum, one) => sum + one, 0);
  const numbers = (await openNumbers(xy, { count, parts: scale, axes: 2 }))();
  let from = 0;
  return (vertices) => {
    const start = from;
    from += 2 * vertices;
    return numbers.slice(start, from);
  };
}
