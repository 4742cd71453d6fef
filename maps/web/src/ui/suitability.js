import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { statusChip } from "./ranklist.js";
import {
  RESULTS, STATUSES, basisLine, chance, drawsLeftOut, firstPlace, interval, layerOf, measured, otherDay, score, share, sourceOf, titles, valueOf,
} from "./rankwords.js";
import { waterfall } from "./waterfall.js";

let isOpen = true;

/**
 * What the ranking says of a site: its place, every constraint, every criterion, the way from the best site.
 * It follows the weights by itself.
 *
 * @param {object} app
 * @param {number} at place of the site in the ranking
 * @returns {HTMLElement}
 */
export function suitability(app, at) {
  const title = h("h3");
  const body = h("div", { class: "ps-fold-body ps-suit" });
  const element = h("details", { class: "ps-part ps-fold ps-suit-fold", open: isOpen, data: { part: "suitability" } }, h("summary", null, title), body);
  element.addEventListener("toggle", () => (isOpen = element.open));
  const render = () => {
    const standing = app.state.get("standing");
    const site = app.ranking.site(at, standing);
    const unfolded = new Set([...body.querySelectorAll("details[open]")].map((one) => one.dataset.rule));
    fill(title, app.say("适宜性与名次", "Suitability and rank"), h("span", { class: "ps-suit-short" }, short(app, site)));
    fill(body, content(app, site, standing));
    for (const one of body.querySelectorAll("details")) if (unfolded.has(one.dataset.rule)) one.open = true;
  };
  const end = app.state.on(["standing"], () => (element.isConnected ? render() : end()));
  render();
  return element;
}

/** The same as lines of text, for a report. */
export function suitabilityText(app, at) {
  const standing = app.state.get("standing");
  const site = app.ranking.site(at, standing);
  const colon = app.say("：", ": ");
  const rules = site.constraints.map((one) => {
    const result = RESULTS[one.result];
    const parts = [app.say(result.zh, result.en), numbers(app, one), noteOf(app, one), changeOf(app, one), overrideOf(app, one), sourceOf(app, one.rule)];
    return `- ${titles(app, [one.rule])}${colon}${parts.filter(Boolean).join(app.say("；", "; "))}`;
  });
  const factors = site.criteria.map((one) => `- ${titles(app, [one.rule])}${colon}${[
    valueOf(app, one), app.say(`效用 ${score(one.utility)}`, `utility ${score(one.utility)}`), missingOf(app, one),
    app.say(`权重 ${share(one.weight)}`, `weight ${share(one.weight)}`),
    one.contribution === null ? null : app.say(`贡献 ${score(one.contribution)}`, `contribution ${score(one.contribution)}`),
  ].filter(Boolean).join(app.say("；", "; "))}`);
  return [
    `${app.say("适宜性与名次", "Suitability and rank")}${colon}${short(app, site)}`,
    [interval(app, site), firstPlace(app, site.first)].filter(Boolean).join(app.say("；", "; ")),
    app.say("约束", "Constraints"), ...rules,
    app.say("准则", "Criteria"), ...factors,
    otherDay(app), basisLine(app),
  ].filter(Boolean).join("\n");
}

function short(app, site) {
  const { zh, en } = STATUSES[site.status];
  if (site.rank === null) return app.say(`${zh}（不参与排序）`, `${en} (not ranked)`);
  const ranked = app.ranking.ranked.length;
  return app.say(`第 ${site.rank} 位，共 ${ranked} 处；得分 ${score(site.score)}；${zh}`, `rank ${site.rank} of ${ranked}; score ${score(site.score)}; ${en}`);
}

function content(app, site, standing) {
  const day = otherDay(app);
  return [
    place(app, site, standing),
    standing.changed && h("div", { class: "ps-warning ps-rank-changed" }, icon("hand"), h("p", null, app.say(
      "权重已由您调整，以下名次、得分与贡献按您的权重计算，不是模型的结果。", "Weights changed by you: rank, score and contributions below are by your weights, not the model's result. ",
    ), drawsLeftOut(app))),
    day && h("div", { class: "ps-warning" }, icon("warn"), h("p", null, day)),
    site.explanation && !standing.changed && h("p", { class: "ps-say" }, app.say(...site.explanation)),
    constraints(app, site),
    criteria(app, site),
    waterfall(app, site, standing),
    ahead(app, site, standing),
    h("p", { class: "ps-note ps-footnote" }, basisLine(app)),
  ];
}

function place(app, site, standing) {
  const range = interval(app, site);
  const isDrawn = site.intervalBasis === "sampled" && !standing.changed; // of changed weights only what is exact is given
  const row = (name, ...value) => [h("dt", null, name), h("dd", null, value)];
  return h("dl", { class: "ps-facts ps-facts-place" },
    row(app.say("名次", "Rank"), site.rank === null ? "—" : h("b", null, app.say(`第 ${site.rank} 位`, `${site.rank}`)), site.rank === null ? null : app.say(`（共 ${app.ranking.ranked.length} 处）`, ` of ${app.ranking.ranked.length}`), " ", statusChip(app, site.status)),
    site.rank !== null && row(app.say("得分", "Score"), score(site.score), range && h("div", { class: "ps-note" }, app.say(`缺值引起的区间${isDrawn ? "（抽样所见，非极限）" : ""}：${range}`, `left open by missing values${isDrawn ? " (as seen in draws, no bounds)" : ""}: ${range}`))),
    site.rank !== null && site.first !== null && row(app.say("居首可能性", "First place"), chance(site.first), app.say("（按模型设定抽样）", " of draws (by the model)"),
      site.expectedRank !== null && h("div", { class: "ps-note" }, app.say(`期望名次 ${site.expectedRank.toFixed(1)}`, `expected rank ${site.expectedRank.toFixed(1)}`))),
    site.dominatedBy?.length > 0 && row(app.say("优于本处", "Better throughout"), `${site.dominatedBy.slice(0, 5).join(app.say("、", ", "))}${site.dominatedBy.length > 5 ? "…" : ""}`,
      h("div", { class: "ps-note" }, app.say("各项准则均不逊、至少一项更优，任何权重下皆然", "no worse on any criterion and better on one, whatever the weights"))));
}

function constraints(app, site) {
  const counts = Object.entries(RESULTS).map(([result, words]) => [words, site.constraints.filter((one) => one.result === result).length]).filter(([, count]) => count);
  return h("section", null,
    h("h4", null, app.say("约束", "Constraints")),
    h("p", { class: "ps-note" }, counts.map(([{ zh, en }, count]) => app.say(`${zh} ${count}`, `${count} ${en}`)).join(app.say("，", ", "))),
    h("ul", { class: "ps-rules" }, site.constraints.map((one) => {
      const { zh, en, icon: image, chip } = RESULTS[one.result];
      const facts = [
        [app.say("实测", "Measured"), numbers(app, one)],
        [app.say("要求", "Required"), app.say(one.rule.threshold_zh, one.rule.threshold_en)],
        [app.say("决定要素", "Decided by"), one.feature],
        [app.say("图层", "Layer"), layerOf(app, one.rule)],
        [app.say("未计碎片", "Slivers not counted"), one.sliver > 0 ? measured(one.sliver, "m²") : null],
        [app.say("说明", "Note"), noteOf(app, one)],
        [app.say("如何满足", "What would have to change"), changeOf(app, one)],
        [app.say("来源", "Source"), sourceOf(app, one.rule)],
      ].filter(([, value]) => value && value !== "—");
      return h("li", null, h("details", { class: "ps-rule", data: { rule: one.rule.id }, open: one.result === "fail" },
        h("summary", null, h("span", { class: "ps-rule-name" }, titles(app, [one.rule])), h("span", { class: `ps-chip ps-status-chip ${chip}` }, icon(image), app.say(zh, en)),
          one.override && h("span", { class: "ps-rule-override" }, icon("hand"), overrideOf(app, one))),
        h("dl", { class: "ps-facts" }, facts.map(([name, value]) => [h("dt", null, name), h("dd", null, value)]))));
    })));
}

function criteria(app, site) {
  const adds = site.waterfallExact;
  const heads = [["准则", "Criterion"], ["效用", "Utility"], ["权重", "Weight"], ...(adds ? [["贡献", "Adds"]] : [])];
  const cell = (text) => h("td", { class: "is-number" }, text);
  return h("section", null,
    h("h4", null, app.say("准则", "Criteria")),
    h("table", { class: "ps-factors" },
      h("thead", null, h("tr", null, heads.map(([zh, en]) => h("th", { scope: "col" }, app.say(zh, en))))),
      h("tbody", null, site.criteria.map((one) => h("tr", { class: one.missing ? "is-missing" : null },
        h("th", { scope: "row" }, titles(app, [one.rule]),
          h("div", { class: "ps-note" }, one.missing ? missingOf(app, one) : [valueOf(app, one), one.feature && app.say(`（${one.feature}）`, ` (${one.feature})`)]),
          noteOf(app, one) && h("div", { class: "ps-note" }, noteOf(app, one)),
          h("details", { data: { rule: `criterion ${one.rule.id}` } }, h("summary", { class: "ps-note" }, app.say("取值与来源", "Function and source")),
            h("div", { class: "ps-note" }, app.say(one.rule.function_zh, one.rule.function_en), h("br"), sourceOf(app, one.rule), layerOf(app, one.rule) && [h("br"), layerOf(app, one.rule)]))),
        cell([score(one.utility), h("span", { class: "ps-utility", "aria-hidden": "true" }, h("span", { style: { width: `${100 * one.utility}%` } }))]),
        cell(share(one.weight)), adds && cell(score(one.contribution))))),
      adds && site.score !== null && h("tfoot", null, h("tr", null, h("th", { scope: "row" }, app.say("得分", "Score")), h("td"), h("td"), cell(score(site.score))))),
    !adds && h("p", { class: "ps-note" }, app.say("该方法的得分不能按准则相加。", "With this method the score is no sum over the criteria.")));
}

/** What would gain a place. */
function ahead(app, site, standing) {
  if (!site.next) return null;
  return h("section", null, h("h4", null, app.say("进一位的条件", "What would gain a place")),
    h("p", null, standing.changed ? app.say("仅按模型权重给出；恢复模型权重后可见。", "Known for the model's weights only; go back to them to see it.") : app.say(...site.next)));
}

/** Measured value with threshold and margin. */
function numbers(app, { measured: value, threshold, margin, unit }) {
  if (value === null) return null;
  const limit = threshold === null ? "" : app.say(`，限值 ${measured(threshold, unit)}`, `, limit ${measured(threshold, unit)}`);
  const room = margin === null ? "" : margin < 0 ? app.say(`，差 ${measured(-margin, unit)}`, `, short by ${measured(-margin, unit)}`) : app.say(`，余 ${measured(margin, unit)}`, `, margin ${measured(margin, unit)}`);
  return `${measured(value, unit)}${limit}${room}`;
}

function noteOf(app, { note }) {
  return note && app.say(...note);
}

function changeOf(app, { change }) {
  return change && app.say(...change);
}

function missingOf(app, one) {
  if (!one.missing) return null;
  return app.say(
    `缺值：效用 ${score(one.low)}–${score(one.high)}，按最低计`, `no value: utility ${score(one.low)}–${score(one.high)}, taken at its lowest`,
  );
}

/** Who decided otherwise, why, and what was found. */
function overrideOf(app, { override }) {
  if (!override) return null;
  const was = RESULTS[override.original];
  return app.say(
    `人工认定：${override.by}，理由：${override.reason}（原结果：${was?.zh ?? override.original}）`,
    `Decided by hand: ${override.by}, because: ${override.reason} (found: ${was?.en ?? override.original})`,
  );
}
