/**
 * A ground of squares, for tests.
 *
 *   22.52 +---------------------+
 *         |       nanshan       |
 *   22.51 +----------+----------+----------+
 *         |  futian  |  luohu   | neighbour|   second source: the line between futian and luohu
 *   22.50 +----------+----------+----------+   is at 114.011, that of the neighbour at 114.0195
 *       114.00     114.01     114.02     114.03
 */

import { toMetres } from "../../maps/web/src/core/datum.js";

export const box = (west, south, east, north) => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];

const area = (...rings) => [rings.map((ring) => Float64Array.from(ring.flat()))];
const border = (...points) => Float64Array.from(points.flatMap(([lon, lat]) => toMetres(lon, lat)));

export const NANSHAN = [
  [114.0, 22.51],
  [114.01, 22.51],
  [114.02, 22.51],
  [114.02, 22.52],
  [114.0, 22.52],
  [114.0, 22.51],
];

export const SQUARES = {
  districts: [
    { id: "futian", area: area(box(114.0, 22.5, 114.01, 22.51)), approximate: false },
    { id: "luohu", area: area(box(114.01, 22.5, 114.02, 22.51)), approximate: false },
    { id: "nanshan", area: area(NANSHAN), approximate: false },
  ],
  second: [],
  secondOutside: [],
  neighbours: [{ zh: "邻市", en: "Neighbour", area: area(box(114.02, 22.5, 114.03, 22.51)) }],
  uncertain: null,
  borders: {
    futian: [border([114.0, 22.51], [114.01, 22.51], [114.01, 22.5])],
    luohu: [border([114.01, 22.5], [114.01, 22.51], [114.02, 22.51], [114.02, 22.5])],
    nanshan: [border([114.0, 22.51], [114.02, 22.51])],
  },
};

export const TWO_SOURCES = {
  ...SQUARES,
  second: [
    { id: "futian", area: area(box(114.0, 22.5, 114.011, 22.51)) },
    { id: "luohu", area: area(box(114.011, 22.5, 114.0195, 22.51)) },
    { id: "nanshan", area: area(NANSHAN) },
  ],
  secondOutside: [{ area: area(box(114.0195, 22.5, 114.03, 22.51)) }],
};

/** One zone, "shenshan", with a zone of doubt over its eastern line. */
export const SHENSHAN = {
  districts: [{ id: "shenshan", area: area(box(115.0, 22.8, 115.1, 22.9)), approximate: true }],
  second: [],
  secondOutside: [],
  neighbours: [],
  uncertain: area(box(115.09, 22.8, 115.11, 22.9)),
  borders: { shenshan: [border([115.1, 22.8], [115.1, 22.9])] },
};
