import assert from "node:assert/strict";
import test from "node:test";

import { decode, encode } from "../../maps/web/src/core/link.js";
import { Ranking } from "../../maps/web/src/core/ranking.js";
import { rankingCsv } from "../../maps/web/src/core/ranktable.js";
import { SCHEMA } from "./reading.js";

const all = (value) => ({ values: [value], at: null });
const each = (...values) => ({ values, at: values.map((_, at) => at) });
const criterion = (id, weight) => ({ id, title_zh: id, title_en: id, weight, unit: "", layer: null });

/**
 *          row  port  air      by the model (0.6, 0.4)
 *   a       2   1.0   0.0      0.60   rank 1
 *   b       0   0.0   1.0      0.40   rank 2
 *   c       1   0.9   0.9      excluded: the zone fails
 */
function made() {
  return new Ranking({
    as_of: "2026-11-22", sample: false,
    model: { id: "m", title_zh: "模型", title_en: "Model", version: "1", digest: "d" },
    aggregation: { method: "weighted_sum", parameters: {}, zh: "加权求和", en: "weighted sum" },
    weighting: { zh: "直接赋权", en: "direct", remarks: [] },
    layers: [], overrides: [], warnings: [], robustness: {},
    constraints: [{ id: "zone", title_zh: "区", title_en: "Zone", layer: null }],
    criteria: [criterion("port", 0.6), criterion("air", 0.4)],
    sites: {
      id: ["a", "b", "=1+1"], row: [2, 0, 1], status: each("eligible", "open", "excluded"),
      rank: [1, 2, null], score: [0.6, 0.4, null], score_low: [0.6, 0.4, null], score_high: [0.6, 0.4, null],
      rank_best: [1, 2, null], rank_worst: [1, 2, null], interval_basis: each("exact", "exact", null),
      first: [0.7, 0.3, null], expected_rank: [1.3, 1.7, null], confidence: [1, 1, null],
      dominated_by: all(null), next: all(null), explanation: all(["因", "why"]),
      constraints: [{
        result: each("pass", "not_assessed", "fail"), unit: all("m"), measured: [5, null, 1], threshold: [3, 3, 3], margin: [2, null, -2],
        sliver_m2: [0, 0, 0], feature: all(null), note: all(null), change: all(null),
        override: { values: [null, { by: "=9+9", reason: "r", original: "fail" }], at: [1, 0, 0] },
      }],
      criteria: [
        { value: each(1, 0, 0.9), low: [1, 0, 0.9], high: [1, 0, 0.9], feature: all(null), note: all(null) },
        { value: each(0, 1, 0.9), low: [0, 1, 0.9], high: [0, 1, 0.9], feature: all(null), note: all(null) },
      ],
    },
  });
}

test("without other weights the ranking is the command line's", () => {
  const ranking = made();
  const standing = ranking.standing();
  assert.deepEqual([standing.changed, standing.rank, standing.order], [false, [1, 2, null], [0, 1, 2]]);
  assert.deepEqual(ranking.modelWeights, { port: 60, air: 40 });
  assert.equal(ranking.byRow.get(2), 0);
});

test("other weights give another order; what is excluded stays so", () => {
  const standing = made().standing({ port: 10, air: 40 });
  assert.deepEqual(standing.weights, [0.2, 0.8]);
  assert.deepEqual([standing.changed, standing.score, standing.rank, standing.order], [true, [0.2, 0.8, null], [2, 1, null], [1, 0, 2]]);
});

test("what the draws gave is of the model's weights only", () => {
  const ranking = made();
  const drawn = (standing) => Object.values((({ first, expectedRank, confidence }) => ({ first, expectedRank, confidence }))(ranking.site(0, standing)));
  assert.deepEqual(drawn(ranking.standing()), [0.7, 1.3, 1]);
  const changed = ranking.standing({ port: 10, air: 40 });
  assert.deepEqual([drawn(changed), ranking.first(0, changed)], [[null, null, null], null]);
});

test("the model's own weights are no change, useless ones are refused", () => {
  const ranking = made();
  assert.equal(ranking.settled({ port: 60, air: 40 }), null);
  assert.deepEqual(ranking.settled({ port: 30.004, air: 40 }), { port: 30, air: 40 });
  for (const weights of [{ port: 0, air: 0 }, { port: -1, air: 2 }, { port: NaN, air: 2 }, { port: 1 }]) assert.equal(ranking.settled(weights), undefined);
});

test("the way from the best site leads to the site's own score", () => {
  const ranking = made();
  for (const weights of [null, { port: 10, air: 40 }]) {
    const standing = ranking.standing(weights);
    const site = ranking.site(1, standing);
    const fallen = site.waterfall.reduce((sum, { difference }) => sum + difference, standing.score[site.best]);
    assert.ok(site.waterfallExact && Math.abs(fallen - site.score) < 1e-12);
  }
  assert.deepEqual(ranking.site(2, ranking.standing()).waterfall, []);
  assert.deepEqual(ranking.withResult(2, "fail").map(({ id }) => id), ["zone"]);
  assert.deepEqual([ranking.overridden(0), ranking.overridden(1)], [true, false]);
});

test("the saved table says whose weights they are, and holds no formula", () => {
  const ranking = made();
  const store = { name: () => "名", lon: [114, 114, 114], lat: [22, 22, 22] };
  const said = (weights) => rankingCsv(ranking, ranking.standing(weights), store, SCHEMA);
  assert.match(said(null), /模型权重,the model's/);
  assert.doesNotMatch(said(null), /使用者调整/);
  assert.match(said({ port: 10, air: 40 }), /权重已由使用者调整，非模型权重/);
  assert.match(said(null), /'=1\+1/);
  const first = (weights) => said(weights).split("\r\n").slice(0, 2).map((line) => line.split(",")[9]);
  assert.deepEqual(first(null), ["acceptability_1", "0.7"]);
  assert.deepEqual(first({ port: 10, air: 40 }), ["acceptability_1", ""]);
  assert.deepEqual(said({ port: 10, air: 40 }).split("\r\n").slice(1, 4).map((line) => line.split(",").slice(0, 2)), [["1", "b"], ["2", "a"], ["", "'=1+1"]]);
});

test("a link carries the weights of all criteria, or none", () => {
  const known = { criteria: ["port", "air"] };
  const hash = encode({ weights: { port: 12.5, air: 40 } });
  assert.equal(hash, "#weights=port:12.5,air:40");
  assert.deepEqual(decode(hash, known), { weights: { port: 12.5, air: 40 } });
  assert.deepEqual(decode("#colour=rank", known), { siteColour: "rank" });
  for (const odd of ["port:1", "port:1,air:2,sea:3", "port:-1,air:1", "port:101,air:1", "port:0,air:0", "port:x,air:1", "port:1,port:1", "__proto__:1,air:1", "<b>"]) {
    assert.deepEqual(decode(`#weights=${odd}`, known), {}, odd);
  }
  assert.deepEqual(decode(hash, {}), {});
  assert.deepEqual(decode("#colour=rank", {}), {});
});
