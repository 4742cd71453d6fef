/** Distances to border lines in metres of EPSG:4547, over runs of edges that each have a box. */

import { boxOf } from "./inside.js";

const RUN = 32; // numbers, that is 16 edges

/**
 * @typedef {{line: Float64Array, from: number, to: number, box: number[]}[]} Runs
 */

/**
 * Lines cut into short runs.
 *
 * @param {Float64Array[]} lines metres
 * @returns {Runs}
 */
export function runsOf(lines) {
  const runs = [];
  for (const line of lines) {
    for (let from = 0; from + 2 < line.length; from += RUN) {
      const to = Math.min(from + RUN + 2, line.length);
      runs.push({ line, from, to, box: boxOf(line, from, to) });
    }
  }
  return runs;
}

/**
 * Distance from a point to the nearest line.
 *
 * @param {Runs} runs
 * @param {number} x
 * @param {number} y
 * @returns {number} metres; infinite where there is no line
 */
export function distanceToPoint(runs, x, y) {
  const gaps = runs.map(({ box }) => boxGap(box, x, y, x, y));
  let least = Infinity;
  const nearest = gaps.reduce((best, gap, at) => (gap < gaps[best] ? at : best), 0);
  for (let at = -1; at < runs.length; at += 1) {
    const one = at < 0 ? nearest : at;
    if (gaps[one] < least) least = Math.min(least, squaredRunGap(runs[one], x, y));
  }
  return Math.sqrt(least);
}

/**
 * Distance from the outline of an area to the nearest line; 0 where they touch or cross.
 *
 * @param {Runs} runs
 * @param {Float64Array[]} rings outline of the area
 * @returns {number} metres; infinite where there is no line
 */
export function distanceToOutline(runs, rings) {
  let least = Infinity;
  for (const edges of runsOf(rings)) {
    for (const { line, from, to, box } of runs) {
      if (boxGap(box, ...edges.box) >= least) continue;
      for (let at = edges.from + 2; at < edges.to; at += 2) {
        for (let other = from + 2; other < to; other += 2) {
          const gap = squaredEdgeGap(
            edges.line[at - 2], edges.line[at - 1], edges.line[at], edges.line[at + 1],
            line[other - 2], line[other - 1], line[other], line[other + 1],
          );
          if (gap < least) least = gap;
          if (least === 0) return 0;
        }
      }
    }
  }
  return Math.sqrt(least);
}

/** Squared distance between two boxes. */
function boxGap(box, west, south, east, north) {
  const across = Math.max(0, box[0] - east, west - box[2]);
  const up = Math.max(0, box[1] - north, south - box[3]);
  return across * across + up * up;
}

/** Squared distance from a point to a run of edges. */
function squaredRunGap({ line, from, to }, x, y) {
  let least = Infinity;
  for (let at = from + 2; at < to; at += 2) {
    const gap = squaredGap(x, y, line[at - 2], line[at - 1], line[at], line[at + 1]);
    if (gap < least) least = gap;
  }
  return least;
}

/** Squared distance from a point to an edge. */
function squaredGap(x, y, x0, y0, x1, y1) {
  const east = x1 - x0;
  const north = y1 - y0;
  const square = east * east + north * north;
  const along = square ? Math.min(1, Math.max(0, ((x - x0) * east + (y - y0) * north) / square)) : 0;
  const dx = x0 + along * east - x;
  const dy = y0 + along * north - y;
  return dx * dx + dy * dy;
}

/** Squared distance between two edges. */
function squaredEdgeGap(ax, ay, bx, by, cx, cy, dx, dy) {
  if (
    turns(ax, ay, bx, by, cx, cy) * turns(ax, ay, bx, by, dx, dy) < 0 &&
    turns(cx, cy, dx, dy, ax, ay) * turns(cx, cy, dx, dy, bx, by) < 0
  ) {
    return 0;
  }
  return Math.min(
    squaredGap(ax, ay, cx, cy, dx, dy),
    squaredGap(bx, by, cx, cy, dx, dy),
    squaredGap(cx, cy, ax, ay, bx, by),
    squaredGap(dx, dy, ax, ay, bx, by),
  );
}

/** Which side of a line a point lies on: 1 left, -1 right, 0 on it. */
const turns = (ax, ay, bx, by, x, y) => Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));
