/** A point inside an area: the middle of its widest stretch on a level near half its height. */

/**
 * @param {import("./ground.js").Area} area
 * @returns {[number, number]} a vertex where the area has no width
 */
export function pointOnSurface(area) {
  let best = { width: 0, point: [area[0][0][0], area[0][0][1]] };
  for (const polygon of area) {
    const found = widest(polygon);
    if (found.width > best.width) best = found;
  }
  return best.point;
}

/** The widest stretch of one polygon on its level. */
function widest(rings) {
  const level = levelOf(rings);
  const crossings = rings.flatMap((ring) => crossingsOf(ring, level)).sort((one, other) => one - other);
  let best = { width: 0, point: null };
  for (let at = 1; at < crossings.length; at += 2) {
    const width = crossings[at] - crossings[at - 1];
    if (width > best.width) best = { width, point: [(crossings[at] + crossings[at - 1]) / 2, level] };
  }
  return best;
}

/** Halfway between the vertices next below and above half the height, so that no vertex lies on it. */
function levelOf(rings) {
  const heights = rings.map((ring) => ring.filter((_, at) => at % 2));
  let [low, high] = [Infinity, -Infinity];
  for (const y of heights[0]) [low, high] = [Math.min(low, y), Math.max(high, y)];
  const middle = (low + high) / 2;
  for (const y of heights.flatMap((one) => [...one])) {
    if (y <= middle) low = Math.max(low, y);
    else high = Math.min(high, y);
  }
  return (low + high) / 2;
}

function crossingsOf(ring, level) {
  const found = [];
  for (let at = 2; at < ring.length; at += 2) {
    const [x0, y0, x1, y1] = [ring[at - 2], ring[at - 1], ring[at], ring[at + 1]];
    if (y0 > level !== y1 > level) found.push(x0 + ((x1 - x0) * (level - y0)) / (y1 - y0));
  }
  return found;
}
