/**
 * Sizes of areas and of what two areas share, in square metres of EPSG:4547.
 *
 * The boundary of the overlap consists of the parts of either outline that lie inside the other
 * area; its size follows from these parts alone (Green's theorem). So nothing has to be put
 * together, and no arrangement of the outlines can make it fail.
 */

import { toMetres } from "./datum.js";
import { insideArea, meet } from "./inside.js";

const TOLERANCE = 1e-11; // degrees, about a micrometre: closer than this, outlines run along each other
const DENSE_DEGREES = 0.01;

/**
 * Size of an area, long edges made dense.
 *
 * @param {import("./inside.js").Indexed} area degrees
 * @returns {number} square metres
 */
export function areaOf(area) {
  const origin = originOf(area);
  let twice = 0;
  forEachEdge(area, (x0, y0, x1, y1) => {
    twice += sweep(x0, y0, x1, y1, origin);
  });
  return twice / 2;
}

/**
 * Size of what two areas share.
 *
 * @param {import("./inside.js").Indexed} area degrees
 * @param {import("./inside.js").Indexed} other degrees
 * @returns {number} square metres
 */
export function overlapOf(area, other) {
  if (!meet(area.box, other.box)) return 0;
  const ours = edgesNear(area, other.box);
  const theirs = edgesNear(other, area.box);
  for (const edge of ours) {
    for (const against of theirs) {
      if (meet(edge.box, against.box, TOLERANCE)) relate(edge, against);
    }
  }
  const origin = originOf(area);
  let twice = 0;
  for (const edge of ours) twice += sweepParts(edge, other, origin, (side) => side > 0);
  for (const edge of theirs) twice += sweepParts(edge, area, origin, () => false);
  return Math.max(0, twice / 2);
}

/** The edges of an area that come near a box. */
function edgesNear(area, box) {
  const found = [];
  forEachEdge(area, (x0, y0, x1, y1) => {
    const own = [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)];
    if (meet(own, box, TOLERANCE)) {
      found.push({ x0, y0, x1, y1, box: own, length: Math.hypot(x1 - x0, y1 - y0), cuts: [], shared: [] });
    }
  });
  return found;
}

function forEachEdge(area, visit) {
  for (const { rings } of area.polygons) {
    for (const ring of rings) {
      for (let at = 2; at < ring.length; at += 2) {
        if (ring[at - 2] !== ring[at] || ring[at - 1] !== ring[at + 1]) {
          visit(ring[at - 2], ring[at - 1], ring[at], ring[at + 1]);
        }
      }
    }
  }
}

/** Cuts two edges where they touch or cross, and notes where they run along each other. */
function relate(edge, other) {
  const contacts = [];
  for (const [at, x, y] of [
    [0, other.x0, other.y0],
    [1, other.x1, other.y1],
  ]) {
    const along = footOn(edge, x, y);
    if (along !== null) contacts.push({ ours: along, theirs: at, x, y });
  }
  for (const [at, x, y] of [
    [0, edge.x0, edge.y0],
    [1, edge.x1, edge.y1],
  ]) {
    const along = footOn(other, x, y);
    if (along !== null) contacts.push({ ours: at, theirs: along, x, y });
  }
  if (!contacts.length) {
    const crossing = crossingOf(edge, other);
    if (crossing) contacts.push(crossing);
  }
  for (const { ours, theirs, x, y } of contacts) {
    edge.cuts.push({ at: ours, x, y });
    other.cuts.push({ at: theirs, x, y });
  }
  if (contacts.length > 1) noteShared(edge, other, contacts);
}

function noteShared(edge, other, contacts) {
  const [from, to] = spread(contacts.map(({ ours }) => ours));
  const [otherFrom, otherTo] = spread(contacts.map(({ theirs }) => theirs));
  if ((to - from) * edge.length <= 4 * TOLERANCE) return;
  const product = (edge.x1 - edge.x0) * (other.x1 - other.x0) + (edge.y1 - edge.y0) * (other.y1 - other.y0);
  const side = Math.sign(product);
  edge.shared.push({ from, to, side });
  other.shared.push({ from: otherFrom, to: otherTo, side });
}

const spread = (numbers) => [Math.min(...numbers), Math.max(...numbers)];

/** How far along an edge, 0 to 1, a point lies on it; null where it does not. */
function footOn({ x0, y0, x1, y1, length }, x, y) {
  const [east, north] = [(x1 - x0) / length, (y1 - y0) / length];
  const along = (x - x0) * east + (y - y0) * north;
  const aside = (x - x0) * north - (y - y0) * east;
  if (Math.abs(aside) > TOLERANCE || along < -TOLERANCE || along > length + TOLERANCE) return null;
  return Math.min(1, Math.max(0, along / length));
}

function crossingOf(edge, other) {
  const [ax, ay] = [edge.x1 - edge.x0, edge.y1 - edge.y0];
  const [bx, by] = [other.x1 - other.x0, other.y1 - other.y0];
  const [dx, dy] = [other.x0 - edge.x0, other.y0 - edge.y0];
  const cross = ax * by - ay * bx;
  if (cross === 0) return null;
  const ours = (dx * by - dy * bx) / cross;
  const theirs = (dx * ay - dy * ax) / cross;
  if (ours < 0 || ours > 1 || theirs < 0 || theirs > 1) return null;
  return { ours, theirs, x: edge.x0 + ours * ax, y: edge.y0 + ours * ay };
}

/** What the parts of an edge inside an area sweep over; `counts` decides for parts along its outline. */
function sweepParts(edge, area, origin, counts) {
  const cuts = [{ at: 0, x: edge.x0, y: edge.y0 }, ...edge.cuts, { at: 1, x: edge.x1, y: edge.y1 }];
  cuts.sort((one, other) => one.at - other.at);
  let twice = 0;
  for (let at = 1; at < cuts.length; at += 1) {
    const [start, end] = [cuts[at - 1], cuts[at]];
    if ((end.at - start.at) * edge.length <= TOLERANCE) continue;
    const middle = (start.at + end.at) / 2;
    const along = edge.shared.find(({ from, to }) => from < middle && middle < to);
    const kept = along
      ? counts(along.side)
      : insideArea(area, (start.x + end.x) / 2, (start.y + end.y) / 2) > 0;
    if (kept) twice += sweep(start.x, start.y, end.x, end.y, origin);
  }
  return twice;
}

/** Twice the area, in square metres, between a straight line in degrees and the origin. */
function sweep(x0, y0, x1, y1, [originX, originY]) {
  const pieces = Math.ceil(Math.hypot(x1 - x0, y1 - y0) / DENSE_DEGREES);
  let [lastX, lastY] = toMetres(x0, y0);
  let twice = 0;
  for (let piece = 1; piece <= pieces; piece += 1) {
    const [lon, lat] =
      piece === pieces ? [x1, y1] : [x0 + ((x1 - x0) * piece) / pieces, y0 + ((y1 - y0) * piece) / pieces];
    const [x, y] = toMetres(lon, lat);
    twice += (lastX - originX) * (y - originY) - (x - originX) * (lastY - originY);
    [lastX, lastY] = [x, y];
  }
  return twice;
}

function originOf(area) {
  const ring = area.polygons[0].rings[0];
  return toMetres(ring[0], ring[1]);
}

/**
 * Whether two areas share a point.
 *
 * @param {import("./inside.js").Indexed} area
 * @param {import("./inside.js").Indexed} other
 */
export function intersects(area, other) {
  if (!meet(area.box, other.box)) return false;
  const holds = (one, { rings }) => insideArea(one, rings[0][0], rings[0][1]) >= 0;
  if (area.polygons.some((polygon) => holds(other, polygon)) || other.polygons.some((polygon) => holds(area, polygon))) {
    return true;
  }
  const theirs = edgesNear(other, area.box);
  return edgesNear(area, other.box).some((edge) =>
    theirs.some(
      (against) =>
        meet(edge.box, against.box) &&
        (crossingOf(edge, against) !== null ||
          footOn(edge, against.x0, against.y0) !== null ||
          footOn(edge, against.x1, against.y1) !== null ||
          footOn(against, edge.x0, edge.y0) !== null ||
          footOn(against, edge.x1, edge.y1) !== null),
    ),
  );
}

