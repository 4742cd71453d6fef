/** Exact tests of points against rings and areas: on a line means on it, as GEOS has it. */

import { orient2d } from "robust-predicates";

const STRETCH = 32; // numbers, that is 16 edges

/**
 * Where a point lies to a ring.
 *
 * @param {Float64Array} ring x0, y0, x1, y1, …, closed
 * @param {number} x
 * @param {number} y
 * @returns {number} 1 inside, 0 on the line, -1 outside
 */
export function insideRing(ring, x, y) {
  const crossings = crossingsRight(ring, 2, ring.length, x, y);
  return crossings < 0 ? 0 : crossings % 2 ? 1 : -1;
}

/** Edges of a stretch of a ring that a ray to the right of the point crosses; -1 where one holds the point. */
function crossingsRight(ring, from, to, x, y) {
  let crossings = 0;
  for (let at = from; at < to; at += 2) {
    const y0 = ring[at - 1];
    const y1 = ring[at + 1];
    if ((y0 > y && y1 > y) || (y0 < y && y1 < y)) continue;
    const x0 = ring[at - 2];
    const x1 = ring[at];
    if (x0 < x && x1 < x) continue;
    if ((x0 === x && y0 === y) || (x1 === x && y1 === y)) return -1;
    if (y0 === y && y1 === y) {
      if (Math.min(x0, x1) <= x && x <= Math.max(x0, x1)) return -1;
    } else if (y0 > y !== y1 > y) {
      const side = orient2d(x0, y0, x1, y1, x, y);
      if (side === 0) return -1;
      if (side > 0 === y1 < y0) crossings += 1;
    }
  }
  return crossings;
}

/**
 * @typedef {object} Indexed an area with the boxes of its parts, so that most tests end at a box
 * @property {number[]} box
 * @property {{box: number[], rings: Float64Array[], boxes: number[][], steps: Float64Array[]}[]} polygons outer rings run
 *   counter-clockwise, holes clockwise
 */

/**
 * An area with its boxes.
 *
 * @param {import("./ground.js").Area} area
 * @returns {Indexed}
 */
export function indexed(area) {
  const polygons = area.map((polygon) => {
    const rings = polygon.map((ring, at) => (at === 0 === signedArea(ring) >= 0 ? ring : reversed(ring)));
    const boxes = rings.map((ring) => boxOf(ring));
    return { rings, boxes, steps: rings.map(stepsOf), box: boxes[0] };
  });
  return { polygons, box: polygons.map(({ box }) => box).reduce(joined, NOWHERE) };
}

/**
 * Where a point lies to an area, as `insideRing`.
 *
 * @param {Indexed} area
 * @param {number} x
 * @param {number} y
 * @returns {number} 1 inside, 0 on the line, -1 outside
 */
export function insideArea(area, x, y) {
  if (!within(area.box, x, y)) return -1;
  for (const polygon of area.polygons) {
    const side = insidePolygon(polygon, x, y);
    if (side >= 0) return side;
  }
  return -1;
}

function insidePolygon({ rings, boxes, steps, box }, x, y) {
  if (!within(box, x, y)) return -1;
  const side = insideStepped(rings[0], steps[0], x, y);
  if (side < 1) return side;
  for (let at = 1; at < rings.length; at += 1) {
    if (!within(boxes[at], x, y)) continue;
    const hole = insideStepped(rings[at], steps[at], x, y);
    if (hole >= 0) return hole ? -1 : 0;
  }
  return 1;
}

/** As `insideRing`, leaving out the stretches that a ray to the right of the point cannot meet. */
function insideStepped(ring, steps, x, y) {
  let crossings = 0;
  for (let step = 0; step < steps.length; step += 3) {
    if (steps[step] > y || steps[step + 1] < y || steps[step + 2] < x) continue;
    const from = 2 + (step / 3) * STRETCH;
    const found = crossingsRight(ring, from, Math.min(from + STRETCH, ring.length), x, y);
    if (found < 0) return 0;
    crossings += found;
  }
  return crossings % 2 ? 1 : -1;
}

/** South, north and east of every stretch of a ring. */
function stepsOf(ring) {
  const found = [];
  for (let from = 2; from < ring.length; from += STRETCH) {
    const [, south, east, north] = boxOf(ring, from - 2, Math.min(from + STRETCH, ring.length));
    found.push(south, north, east);
  }
  return Float64Array.from(found);
}

/**
 * Area of a closed ring in its own units, positive where it runs counter-clockwise.
 *
 * @param {Float64Array} ring
 */
export function signedArea(ring) {
  const [x0, y0] = ring;
  let twice = 0;
  for (let at = 2; at < ring.length; at += 2) {
    twice += (ring[at - 2] - x0) * (ring[at + 1] - y0) - (ring[at] - x0) * (ring[at - 1] - y0);
  }
  return twice / 2;
}

function reversed(ring) {
  const found = new Float64Array(ring.length);
  for (let at = 0; at < ring.length; at += 2) {
    found[at] = ring[ring.length - 2 - at];
    found[at + 1] = ring[ring.length - 1 - at];
  }
  return found;
}

const NOWHERE = [Infinity, Infinity, -Infinity, -Infinity];

/**
 * Smallest box around a line or ring: west, south, east, north.
 *
 * @param {Float64Array} line
 * @param {number} from first number
 * @param {number} to number behind the last
 */
export function boxOf(line, from = 0, to = line.length) {
  let [west, south, east, north] = NOWHERE;
  for (let at = from; at < to; at += 2) {
    const x = line[at];
    const y = line[at + 1];
    if (x < west) west = x;
    if (x > east) east = x;
    if (y < south) south = y;
    if (y > north) north = y;
  }
  return [west, south, east, north];
}

/**
 * Whether two boxes come within `margin` of each other along both axes.
 */
export function meet(box, other, margin = 0) {
  return (
    box[0] <= other[2] + margin && other[0] <= box[2] + margin && box[1] <= other[3] + margin && other[1] <= box[3] + margin
  );
}

const within = (box, x, y) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
const joined = (box, other) => [
  Math.min(box[0], other[0]),
  Math.min(box[1], other[1]),
  Math.max(box[2], other[2]),
  Math.max(box[3], other[3]),
];
