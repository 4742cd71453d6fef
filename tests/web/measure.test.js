import assert from "node:assert/strict";
import { test } from "node:test";

import { area, length } from "../../maps/web/src/core/measure.js";

const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-3, `${found} is not ${expected}`);

const RING = [
  [113.9, 22.5],
  [114.0, 22.5],
  [114.0, 22.6],
  [113.9, 22.6],
];

test("lengths as PROJ's geodesics have them", () => {
  near(length([[113.9, 22.5], [114.1, 22.6]]), 23362.9868);
  near(length([...RING, RING[0]]), 42719.3914);
  assert.equal(length([[113.9, 22.5]]), 0);
  assert.equal(length([]), 0);
  assert.equal(length([[113.9, 22.5], [113.9, 22.5]]), 0);
});

test("areas as PROJ's geodesics have them, closed or not, either way round", () => {
  for (const ring of [RING, [...RING, RING[0]], [...RING].reverse()]) near(area(ring) / 1e3, 113904.0171);
  assert.equal(area(RING.slice(0, 2)), 0);
});
