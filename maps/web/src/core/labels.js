/** Where names stand on a map: candidate places, and a choice among them without overlaps. No DOM. */

/**
 * @typedef {{x0: number, y0: number, x1: number, y1: number}} Box pixels
 * @typedef {object} Choice one way of writing a name
 * @property {Box} box
 * @property {[number, number] | null} [leader] the point that a line leads to from the box; null or absent for none
 * @typedef {object} Item
 * @property {string} id
 * @property {number} priority greater ones are placed first
 * @property {Choice[]} choices the best first
 * @typedef {{lon: number, lat: number, room: number}} Spot point inside an area and its distance from the outline, in degrees of latitude
 */

const BEAD = 2; // half the width that a leader takes

/**
 * Chooses a place for each item, the greatest priority first; an item that finds none is left out.
 *
 * @param {Item[]} items
 * @param {Box} frame nothing stands outside
 * @param {{gap?: number, taken?: Box[]}} [options] pixels between boxes; boxes that are taken already
 * @returns {{id: string, choice: Choice}[]}
 */
export function placeLabels(items, frame, { gap = 2, taken = [] } = {}) {
  const full = [...taken];
  const placed = [];
  const order = items.map((item, at) => ({ item, at })).sort((one, other) => other.item.priority - one.item.priority || one.at - other.at);
  for (const { item } of order) {
    const choice = item.choices.find((one) => fits(one, frame, full, gap));
    if (!choice) continue;
    placed.push({ id: item.id, choice });
    full.push(choice.box, ...beads(choice));
  }
  return placed;
}

function fits(choice, frame, full, gap) {
  const { box } = choice;
  if (box.x0 < frame.x0 || box.y0 < frame.y0 || box.x1 > frame.x1 || box.y1 > frame.y1) return false;
  const mine = [box, ...beads(choice)];
  return !full.some((other) => mine.some((one) => overlap(one, other, gap)));
}

/** Whether two boxes come nearer than a gap. */
export function overlap(one, other, gap = 0) {
  return one.x0 < other.x1 + gap && other.x0 < one.x1 + gap && one.y0 < other.y1 + gap && other.y0 < one.y1 + gap;
}

/** A leader as a row of small boxes, those beside its own label left out. */
function beads({ box, leader }) {
  if (!leader) return [];
  const from = nearest(box, leader);
  const length = Math.hypot(leader[0] - from[0], leader[1] - from[1]);
  const count = Math.floor(length / (2 * BEAD));
  return Array.from({ length: count }, (_, at) => {
    const share = (at + 1) / (count + 1);
    const x = from[0] + (leader[0] - from[0]) * share;
    const y = from[1] + (leader[1] - from[1]) * share;
    return { x0: x - BEAD, y0: y - BEAD, x1: x + BEAD, y1: y + BEAD };
  });
}

/** The point of a box nearest to a point. */
export function nearest(box, [x, y]) {
  return [Math.min(Math.max(x, box.x0), box.x1), Math.min(Math.max(y, box.y0), box.y1)];
}

/** A box about its middle. */
export function boxAbout(x, y, width, height) {
  return { x0: x - width / 2, y0: y - height / 2, x1: x + width / 2, y1: y + height / 2 };
}

/**
 * Boxes around a point at growing distances, for a name that does not fit where it belongs.
 *
 * @param {[number, number]} point pixels
 * @param {{width: number, height: number}} size
 * @param {number[]} distances from the point to the edge of the box
 * @returns {Choice[]}
 */
export function ringOf(point, { width, height }, distances) {
  const turns = [0, 0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875].map((turn) => turn * 2 * Math.PI - Math.PI / 2);
  return distances.flatMap((distance) =>
    turns.map((angle) => {
      const [across, down] = [Math.cos(angle), Math.sin(angle)];
      const x = point[0] + across * (distance + width / 2);
      const y = point[1] + down * (distance + height / 2);
      return { box: boxAbout(x, y, width, height), leader: point };
    }),
  );
}

/**
 * Points inside an area on a grid, those farthest from the outline first.
 *
 * @param {import("./ground.js").Area} area
 * @param {{columns?: number, within?: {x0: number, y0: number, x1: number, y1: number}}} [options] columns of the grid over
 *   each polygon; degrees outside of which nothing is looked for
 * @returns {Spot[]}
 */
export function innerSpots(area, { columns = 16, within = { x0: -180, y0: -90, x1: 180, y1: 90 } } = {}) {
  const largest = Math.max(...area.map((polygon) => spread(polygon[0])));
  return area
    .filter((polygon) => spread(polygon[0]) > largest / 20)
    .flatMap((polygon) => spotsOf(polygon, columns, within))
    .sort((one, other) => other.room - one.room);
}

function spotsOf(polygon, columns, within) {
  const box = clipped(boundsOf(polygon[0]), within);
  const squeeze = Math.cos((((box.y0 + box.y1) / 2) * Math.PI) / 180);
  const step = Math.max((box.x1 - box.x0) * squeeze, box.y1 - box.y0) / columns;
  const found = [];
  if (!(step > 0)) return found;
  for (let lat = box.y0 + step / 2; lat < box.y1; lat += step) {
    for (let lon = box.x0 + step / squeeze / 2; lon < box.x1; lon += step / squeeze) {
      const room = clearance(polygon, lon, lat, squeeze);
      if (room > 0) found.push({ lon, lat, room });
    }
  }
  return found;
}

/** Distance to the outline in degrees of latitude; negative outside. */
function clearance(polygon, lon, lat, squeeze) {
  let inside = false;
  let least = Infinity;
  for (const ring of polygon) {
    for (let at = 0; at + 3 < ring.length; at += 2) {
      const ax = (ring[at] - lon) * squeeze;
      const ay = ring[at + 1] - lat;
      const bx = (ring[at + 2] - lon) * squeeze;
      const by = ring[at + 3] - lat;
      if (ay > 0 !== by > 0 && ax - (ay * (bx - ax)) / (by - ay) > 0) inside = !inside;
      const dx = bx - ax;
      const dy = by - ay;
      const share = Math.min(1, Math.max(0, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
      const gap = (ax + share * dx) ** 2 + (ay + share * dy) ** 2;
      if (gap < least) least = gap;
    }
  }
  return inside ? Math.sqrt(least) : -Math.sqrt(least);
}

function boundsOf(ring) {
  const box = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  for (let at = 0; at < ring.length; at += 2) {
    box.x0 = Math.min(box.x0, ring[at]);
    box.x1 = Math.max(box.x1, ring[at]);
    box.y0 = Math.min(box.y0, ring[at + 1]);
    box.y1 = Math.max(box.y1, ring[at + 1]);
  }
  return box;
}

function clipped(one, other) {
  return {
    x0: Math.max(one.x0, other.x0),
    y0: Math.max(one.y0, other.y0),
    x1: Math.min(one.x1, other.x1),
    y1: Math.min(one.y1, other.y1),
  };
}

function spread(ring) {
  const box = boundsOf(ring);
  return (box.x1 - box.x0) * (box.y1 - box.y0);
}
