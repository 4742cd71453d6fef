import assert from "node:assert/strict";
import { test } from "node:test";

import { boxAbout, innerSpots, nearest, overlap, placeLabels, ringOf } from "../../maps/web/src/core/labels.js";

const FRAME = { x0: 0, y0: 0, x1: 100, y1: 60 };
const choice = (x, y, width = 20, height = 10, more = {}) => ({ box: boxAbout(x, y, width, height), ...more });
const ring = (...corners) => Float64Array.from([...corners, corners[0]].flat());
const square = (x, y, side) => [ring([x, y], [x + side, y], [x + side, y + side], [x, y + side])];

test("boxes overlap where both axes do, and a gap counts", () => {
  assert.ok(overlap(boxAbout(0, 0, 10, 10), boxAbout(9, 0, 10, 10)));
  assert.ok(!overlap(boxAbout(0, 0, 10, 10), boxAbout(10, 0, 10, 10)));
  assert.ok(overlap(boxAbout(0, 0, 10, 10), boxAbout(11, 0, 10, 10), 2));
  assert.ok(!overlap(boxAbout(0, 0, 10, 10), boxAbout(0, 30, 10, 10)));
});

test("the greater priority keeps its place, the other takes its next one", () => {
  const placed = placeLabels(
    [
      { id: "low", priority: 1, choices: [choice(50, 30), choice(50, 45)] },
      { id: "high", priority: 2, choices: [choice(50, 30)] },
    ],
    FRAME,
  );
  assert.deepEqual(placed.map((one) => one.id), ["high", "low"]);
  assert.equal(placed[1].choice.box.y0, 40);
});

test("of equal priorities the first comes first", () => {
  const items = ["a", "b"].map((id) => ({ id, priority: 1, choices: [choice(50, 30)] }));
  assert.deepEqual(placeLabels(items, FRAME).map((one) => one.id), ["a"]);
});

test("a name that has no room is left out, never laid over another", () => {
  const items = Array.from({ length: 40 }, (_, at) => ({
    id: String(at),
    priority: at % 7,
    choices: [choice((at * 37) % 100, (at * 23) % 60), choice((at * 11) % 100, (at * 53) % 60)],
  }));
  const placed = placeLabels(items, FRAME, { gap: 1 });
  assert.ok(placed.length > 3 && placed.length < 40);
  for (const [at, one] of placed.entries()) {
    for (const other of placed.slice(at + 1)) assert.ok(!overlap(one.choice.box, other.choice.box, 1), `${one.id} ${other.id}`);
    assert.ok(one.choice.box.x0 >= 0 && one.choice.box.x1 <= 100 && one.choice.box.y0 >= 0 && one.choice.box.y1 <= 60);
  }
});

test("nothing stands on what is taken, or outside the frame", () => {
  const items = [{ id: "a", priority: 1, choices: [choice(5, 30), choice(50, 30), choice(80, 30)] }];
  const [{ choice: found }] = placeLabels(items, FRAME, { taken: [boxAbout(50, 30, 10, 10)] });
  assert.equal(found.box.x0, 70);
});

test("a leader neither crosses a name nor is covered by one", () => {
  const crossing = [
    { id: "big", priority: 2, choices: [choice(50, 30)] },
    { id: "small", priority: 1, choices: [choice(50, 55, 20, 10, { leader: [50, 5] }), choice(80, 55, 20, 10, { leader: [80, 5] })] },
  ];
  assert.equal(placeLabels(crossing, FRAME)[1].choice.leader[0], 80);
  const covering = [
    { id: "led", priority: 2, choices: [choice(50, 55, 20, 10, { leader: [50, 5] })] },
    { id: "name", priority: 1, choices: [choice(50, 25), choice(20, 25)] },
  ];
  assert.equal(placeLabels(covering, FRAME)[1].choice.box.x0, 10);
});

test("a ring of places keeps its distance from the point", () => {
  const found = ringOf([50, 30], { width: 20, height: 10 }, [14, 30]);
  assert.equal(found.length, 16);
  for (const { box, leader } of found) {
    const [x, y] = nearest(box, leader);
    assert.ok(Math.hypot(x - 50, y - 30) > 5);
  }
  assert.deepEqual(found[0].box, boxAbout(50, 11, 20, 10));
});

test("spots lie inside, the one with most room first", () => {
  const spots = innerSpots([square(114, 0, 1)], { columns: 9 });
  assert.ok(spots.every(({ lon, lat }) => lon > 114 && lon < 115 && lat > 0 && lat < 1));
  assert.ok(Math.abs(spots[0].lon - 114.5) < 0.06 && Math.abs(spots[0].lat - 0.5) < 0.06);
  assert.ok(Math.abs(spots[0].room - 0.5) < 0.01);
});

test("spots keep out of holes and of islets", () => {
  const holed = [square(0, 0, 9)[0], square(3, 3, 3)[0]];
  const spots = innerSpots([holed, square(20, 0, 0.5)], { columns: 18 });
  assert.ok(spots.length > 100);
  assert.ok(spots.every(({ lon, lat }) => lon < 10 && !(lon > 3 && lon < 6 && lat > 3 && lat < 6)));
});

test("spots are looked for in a part only", () => {
  const spots = innerSpots([square(0, 0, 8)], { within: { x0: 4, y0: -1, x1: 99, y1: 99 } });
  assert.ok(spots.length && spots.every(({ lon }) => lon > 4));
  assert.deepEqual(innerSpots([square(0, 0, 8)], { within: { x0: 40, y0: 40, x1: 50, y1: 50 } }), []);
});
