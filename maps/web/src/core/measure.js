/** Lengths and areas on the ellipsoid of WGS84. */

import geographiclib from "geographiclib-geodesic";

const EARTH = geographiclib.Geodesic.WGS84;

/**
 * Length of a line, by the shortest way between its points.
 *
 * @param {number[][]} points [lon, lat] in degrees
 * @returns {number} metres
 */
export function length(points) {
  let sum = 0;
  for (let at = 1; at < points.length; at += 1) {
    const [[lon, lat], [nextLon, nextLat]] = [points[at - 1], points[at]];
    if (lon === nextLon && lat === nextLat) continue;
    sum += EARTH.Inverse(lat, lon, nextLat, nextLon, geographiclib.Geodesic.DISTANCE).s12;
  }
  return sum;
}

/**
 * Area of a ring, closed or not, whichever way it runs.
 *
 * @param {number[][]} points [lon, lat] in degrees
 * @returns {number} square metres
 */
export function area(points) {
  if (points.length < 3) return 0;
  const ring = EARTH.Polygon(false);
  for (const [lon, lat] of points) ring.AddPoint(lat, lon);
  return Math.abs(ring.Compute(false, true).area);
}
