/** The ranking on show as a CSV table, a row a site. Columns are named as in geo/tables/ranking; weights come beside. */

import { csvText } from "./tables.js";

/**
 * @param {import("./ranking.js").Ranking} ranking
 * @param {import("./ranking.js").Standing} standing
 * @param {import("./store.js").Store} store of the page's own sites
 * @param {object} schema of core/schema.js
 * @returns {string}
 */
export function rankingCsv(ranking, standing, store, schema) {
  const { model, aggregation, as_of: asOf, sample } = ranking.data;
  const weights = standing.changed ? ["权重已由使用者调整，非模型权重", "changed by the user, not the model's"] : ["模型权重", "the model's"];
  const basis = {
    weights_zh: weights[0], weights_en: weights[1], sample: sample ? "示例 sample" : null, model: `${model.id} ${model.version}`,
    model_digest: model.digest, aggregation: aggregation.method, as_of: asOf,
  };
  const rows = standing.order.map((at) => ({ ...flat(ranking.site(at, standing), store), ...basis }));
  const columns = rows.length ? Object.keys(rows[0]) : [];
  return csvText(columns, rows.map((row) => columns.map((name) => row[name])), schema);
}

function flat(site, store) {
  const named = (list, holds) => list.filter(holds).map(({ rule }) => rule.id).join("; ") || null;
  const row = {
    rank: site.rank, id: site.id, name: store.name(site.row), status: site.status, score: site.score, score_low: site.scoreLow,
    score_high: site.scoreHigh, rank_best: site.rankBest, rank_worst: site.rankWorst, acceptability_1: site.first,
    failed: named(site.constraints, ({ result }) => result === "fail"),
    requires_assessment: named(site.constraints, ({ result }) => result === "requires_assessment"),
    not_assessed: named(site.constraints, ({ result }) => result === "not_assessed"),
    missing: named(site.criteria, ({ missing }) => missing),
    overridden: site.constraints.filter(({ override }) => override).map(overridden).join("; ") || null,
    lon: store.lon[site.row], lat: store.lat[site.row],
  };
  for (const { rule, result, measured, margin } of site.constraints) {
    Object.assign(row, { [column("result", rule)]: result, [column("measured", rule)]: measured, [column("margin", rule)]: margin });
  }
  for (const { rule, value, missing, utility, weight, contribution } of site.criteria) {
    Object.assign(row, {
      [column("value", rule)]: value, [column("missing", rule)]: missing, [column("utility", rule)]: utility,
      [column("weight", rule)]: weight, [column("contribution", rule)]: contribution,
    });
  }
  return row;
}

function overridden({ rule, result, override }) {
  return `${rule.id}: ${override.original} -> ${result} (${override.by}: ${override.reason})`;
}

function column(part, { id }) {
  return `${part}_${id.replaceAll("-", "_")}`;
}
