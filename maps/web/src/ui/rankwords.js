/**
 * Pieces of wording that everything on the ranking shares. No DOM.
 */

import { number } from "./phrases.js";

/** How a site stands to the constraints; told by sign and word, not by colour alone. */
export const STATUSES = {
  eligible: { zh: "合格", en: "eligible", hintZh: "各项约束均已核对并符合", hintEn: "every constraint is met", icon: "check", chip: "is-good" },
  open: {
    zh: "待定", en: "open", hintZh: "有约束未评估或需论证，不等于符合", hintEn: "constraints not assessed or to be assessed, which is no pass",
    icon: "question", chip: "is-warn",
  },
  excluded: { zh: "排除", en: "excluded", hintZh: "有约束不符合，不参与排序", hintEn: "a constraint fails, so it is not ranked", icon: "close", chip: "is-bad" },
};

/** What a constraint says of a site. */
export const RESULTS = {
  pass: { zh: "符合", en: "pass", icon: "check", chip: "is-good" },
  fail: { zh: "不符合", en: "fail", icon: "close", chip: "is-bad" },
  requires_assessment: { zh: "需论证", en: "requires assessment", icon: "warn", chip: "is-warn" },
  not_assessed: { zh: "未评估", en: "not assessed", icon: "question", chip: "" },
};

/** A score, as everything shows it. */
export function score(value) {
  return value === null ? "—" : signed(value.toFixed(3));
}

/** A difference with its sign. */
export function difference(value) {
  return `${value > 0 ? "+" : ""}${score(value)}`;
}

/** A share of the weights. */
export function share(weight) {
  return weight === null ? "—" : `${(100 * weight).toFixed(1)} %`;
}

/** A share of draws, to a tenth of a percent; what is next to none or all is not shown as such. */
export function chance(value) {
  if (value > 0 && value < 0.0005) return "< 0.1 %";
  if (value < 1 && value >= 0.9995) return "> 99.9 %";
  return `${number(100 * value, 1)} %`;
}

/** Value of a criterion: a number with its unit, a word, or match and force in words. */
export function valueOf(app, { rule, value }) {
  const [match, force] = rule.kind === "role" && typeof value === "string" ? value.split("/") : [];
  if (!force) return measured(value, rule.unit);
  return force === "none" ? app.word("match", match) : app.say(`${app.word("match", match)}（${app.word("force", force)}）`, `${app.word("match", match)} (${app.word("force", force)})`);
}

/** A measured number or word with its unit. */
export function measured(value, unit) {
  if (value === null || value === undefined) return "—";
  if (typeof value !== "number") return String(value);
  const size = Math.abs(value);
  const digits = size >= 1000 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 4;
  return `${value < 0 ? "−" : ""}${number(size, digits)}${unit ? ` ${unit}` : ""}`;
}

/** Score and rank with the intervals that missing values leave; null where the score is sure. */
export function interval(app, site) {
  const { scoreLow, scoreHigh, rankBest, rankWorst } = site;
  if (scoreLow === null || (scoreLow === scoreHigh && rankBest === rankWorst)) return null;
  const ranks = rankBest === rankWorst ? app.say(`第 ${rankBest} 位`, `rank ${rankBest}`) : app.say(`第 ${rankBest}–${rankWorst} 位`, `rank ${rankBest}–${rankWorst}`);
  return scoreLow === scoreHigh ? ranks : `${score(scoreLow)}–${score(scoreHigh)}${app.say("，", ", ")}${ranks}`;
}

/** How often a site comes first in the draws; "" where none were made. */
export function firstPlace(app, first) {
  return first === null ? "" : app.say(`居首可能性 ${chance(first)}`, `first in ${chance(first)} of draws`);
}

/** Why shares of draws are not shown beside weights that were changed; "" where there are none at all. */
export function drawsLeftOut(app) {
  if (!(app.ranking.data.robustness.draws > 0)) return "";
  return app.say("抽样所得的各项可能性仅对模型权重成立，此时不列。", "What the draws gave holds for the model's weights only and is left out.");
}

/** A site of the ranking in a line: rank, score, status. */
export function standingWords(app, at) {
  if (at === null) return app.say("未参加比较", "not compared");
  const standing = app.state.get("standing");
  const { zh, en } = STATUSES[app.ranking.status[at]];
  if (standing.rank[at] === null) {
    return app.say(`${zh}：不符合${titles(app, app.ranking.withResult(at, "fail"))}`, `${en}: fails ${titles(app, app.ranking.withResult(at, "fail"))}`);
  }
  return app.say(
    `第 ${standing.rank[at]} 位 · 得分 ${score(standing.score[at])} · ${zh}`,
    `rank ${standing.rank[at]} · score ${score(standing.score[at])} · ${en}`,
  );
}

/** Names of rules in a row. */
export function titles(app, rules) {
  return rules.map((one) => app.say(one.title_zh, one.title_en)).join(app.say("、", ", "));
}

/** Whose weights they are, and which. */
export function weightsLine(app, standing = app.state.get("standing")) {
  const { weighting } = app.ranking.data;
  if (!weighting) return "";
  const list = app.ranking.criteria
    .map((one, at) => `${app.say(one.title_zh, one.title_en)} ${share(standing.weights[at])}`)
    .join(app.say("、", ", "));
  return standing.changed
    ? app.say(`权重已由使用者调整，非模型权重：${list}`, `Weights changed by the user, not the model's: ${list}`)
    : app.say(`权重：${weighting.zh}（${list}）`, `Weights: ${weighting.en} (${list})`);
}

/** Model, method, day, whose weights: what a ranking rests on. */
export function basisLine(app) {
  const { model, aggregation, as_of: asOf } = app.ranking.data;
  const named = app.say(
    `选址模型“${model.title_zh}”${model.version}（${model.digest}），${aggregation.zh}，基准日 ${asOf}；`,
    `Siting model “${model.title_en}” ${model.version} (${model.digest}), ${aggregation.en}, as of ${asOf}; `,
  );
  const said = weightsLine(app);
  return said ? named + said[0].toLowerCase() + said.slice(1) : named.slice(0, -1);
}

/** That the ranking stands for one day, where the page shows another; else null. */
export function otherDay(app) {
  const { as_of: asOf } = app.ranking.data;
  const date = app.state.get("date");
  if (date === asOf) return null;
  return app.say(
    `排序以 ${asOf} 为基准日计算，不随所看日期（${date}）变化。`,
    `The ranking stands for ${asOf}; it does not follow the day on show (${date}).`,
  );
}

/** Where a threshold or value function is from; ours is said to be ours. */
export function sourceOf(app, rule) {
  return app.say(rule.source_zh, rule.source_en) ?? "";
}

/** The layer that a rule was measured on, with its version; "" for none. */
export function layerOf(app, rule) {
  if (!rule.layer) return "";
  const layer = app.ranking.data.layers.find(({ name }) => name === rule.layer);
  if (!layer) return rule.layer;
  if (!layer.present) return app.say(`${layer.title_zh}（缺）`, `${layer.title_en} (missing)`);
  const sample = layer.sample ? app.say("，示例数据", ", sample data") : "";
  const vintage = app.say(layer.vintage_zh, layer.vintage_en);
  return app.say(
    `${layer.title_zh}（${[vintage, layer.version].filter(Boolean).join("，")}${sample}）`,
    `${layer.title_en} (${[vintage, layer.version].filter(Boolean).join(", ")}${sample})`,
  );
}

function signed(text) {
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text.replace("-", "−");
}
