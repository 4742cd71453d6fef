import assert from "node:assert/strict";
import { test } from "node:test";

import { fixed, general, grouped, rounded } from "../../maps/web/src/core/number.js";

test("a tie goes to the even digit, as in Python", () => {
  assert.deepEqual([0.5, 1.5, 2.5, 0.49, 1234.5].map((one) => fixed(one, 0)), ["0", "2", "2", "0", "1234"]);
  assert.deepEqual([fixed(0.125, 2), fixed(0.375, 2), fixed(2.675, 2), fixed(-0.125, 2)], ["0.12", "0.38", "2.67", "-0.12"]);
  assert.deepEqual([rounded(30.45, 1), rounded(113.12345675, 7)], [30.4, 113.1234568]);
});

test("six significant digits, without zeros at the end", () => {
  assert.deepEqual(
    [0, 5, 1.2, 200, 0.1 + 0.2, 1234567, 0.00001234567, 999999.5, 100000, 123456.5, 1234.565].map(general),
    ["0", "5", "1.2", "200", "0.3", "1.23457e+06", "1.23457e-05", "1e+06", "100000", "123456", "1234.57"],
  );
});

test("a comma between thousands", () => {
  assert.deepEqual([0, 999, 1000, 30_000_000].map(grouped), ["0", "999", "1,000", "30,000,000"]);
});
