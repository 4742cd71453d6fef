import assert from "node:assert/strict";
import test from "node:test";

import { aggregate, contributions, rankSites, ranksOf } from "../../maps/web/src/core/rank.js";

const column = (...values) => Float64Array.from(values);

/** Three sites, two criteria; the first leads on one, the last on the other. */
const COLUMNS = [column(1, 0.5, 0), column(0, 0.5, 1)];
const near = (found, wanted) => {
  assert.equal(found.length, wanted.length);
  wanted.forEach((one, at) => assert.ok(Math.abs(found[at] - one) < 1e-12, `${[...found]} is not ${wanted}`));
};

test("a weighted sum adds, a weighted product multiplies", () => {
  near(aggregate({ method: "weighted_sum", parameters: {} }, COLUMNS, [0.75, 0.25]), [0.75, 0.5, 0.25]);
  near(aggregate({ method: "weighted_product", parameters: {} }, COLUMNS, [0.75, 0.25]), [0, 0.5, 0]);
});

test("a utility 0 of a criterion without weight does not spoil a product", () => {
  near(aggregate({ method: "weighted_product", parameters: {} }, COLUMNS, [1, 0]), [1, 0.5, 0]);
});

test("equal order weights give the weighted sum, all on the lowest the doubled minimum", () => {
  near(aggregate({ method: "owa", parameters: { order: [3, 3] } }, COLUMNS, [0.75, 0.25]), [0.75, 0.5, 0.25]);
  near(aggregate({ method: "owa", parameters: { order: [1, 0] } }, COLUMNS, [0.75, 0.25]), [0, 0.25, 0]);
});

test("TOPSIS measures the way to best and worst; equal sites get a half", () => {
  near(aggregate({ method: "topsis", parameters: { normalisation: "none" } }, COLUMNS, [0.75, 0.25]), [0.75, 0.5, 0.25]);
  near(aggregate({ method: "topsis", parameters: { normalisation: "vector" } }, COLUMNS, [0.75, 0.25]), [0.75, 0.5, 0.25]);
  near(aggregate({ method: "topsis", parameters: { normalisation: "min_max" } }, [column(0.2, 0.2)], [1]), [0.5, 0.5]);
});

test("PROMETHEE counts whom a site beats", () => {
  const usual = { method: "promethee", parameters: { q: 0, p: 0 } };
  near(aggregate(usual, COLUMNS, [0.75, 0.25]), [0.5, 0, -0.5]);
  near(aggregate({ method: "promethee", parameters: { q: 0.5, p: 1 } }, COLUMNS, [0.75, 0.25]), [0.25, 0, -0.25]);
  near(aggregate(usual, [column(0.3)], [1]), [0]);
  const parts = contributions(usual, COLUMNS, [0.75, 0.25]);
  near(parts[0], [0.75, 0, -0.75]);
  near(parts[1], [-0.25, 0, 0.25]);
});

test("VIKOR weighs the sum of regrets against the largest", () => {
  near(aggregate({ method: "vikor", parameters: { v: 1 } }, COLUMNS, [0.75, 0.25]), [1, 0.5, 0]);
  near(aggregate({ method: "vikor", parameters: { v: 0 } }, COLUMNS, [0.75, 0.25]), [1, 0.75, 0]);
});

test("only sums have contributions", () => {
  const methods = { weighted_product: {}, topsis: { normalisation: "none" }, owa: { order: [1, 1] }, vikor: { v: 0.5 } };
  for (const [method, parameters] of Object.entries(methods)) assert.equal(contributions({ method, parameters }, COLUMNS, [0.5, 0.5]), null);
  assert.throws(() => aggregate({ method: "guess", parameters: {} }, COLUMNS, [0.5, 0.5]), /no such aggregation/);
});

test("equal scores share a rank, to a millionth of a millionth", () => {
  assert.deepEqual([...ranksOf(column(0.3, 0.9, 0.3 + 5e-13, 0.1))], [2, 1, 2, 4]);
  assert.deepEqual([...ranksOf(column(0.3, 0.3 + 5e-12))], [2, 1]);
  assert.deepEqual([...ranksOf(column())], []);
});

test("what is missing opens an interval of score and rank", () => {
  const sum = { method: "weighted_sum", parameters: {} };
  const found = rankSites(sum, [column(0.6, 0.5, 0.1)], [column(0.6, 0.9, 0.1)], [1]);
  assert.deepEqual([...found.rank], [1, 2, 3]);
  assert.deepEqual([...found.scoreLow], [0.6, 0.5, 0.1]);
  assert.deepEqual([...found.scoreHigh], [0.6, 0.9, 0.1]);
  assert.deepEqual([...found.rankBest], [1, 1, 3]);
  assert.deepEqual([...found.rankWorst], [2, 2, 3]);
});

test("methods that look at all sites give no interval where something is missing", () => {
  const spec = { method: "vikor", parameters: { v: 0.5 } };
  assert.equal(rankSites(spec, [column(0.6, 0.5)], [column(0.6, 0.9)], [1]).rankBest, null);
  assert.deepEqual([...rankSites(spec, [column(0.6, 0.5)], [column(0.6, 0.5)], [1]).rankBest], [1, 2]);
});
