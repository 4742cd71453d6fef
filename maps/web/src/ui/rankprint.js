import { h } from "./dom.js";
import { STATUSES, basisLine, chance, drawsLeftOut, interval, otherDay, score, titles } from "./rankwords.js";

const MOST_NAMED = 3; // rules in a cell

/** The ranking for paper: every site with rank, status, score, interval and what stands against it, and whose weights. */
export function printedRanking(app) {
  const { ranking, lists } = app;
  const standing = app.state.get("standing");
  const heads = app.say(
    ["名次", "编号", "名称", "状态", "得分", "缺值引起的区间", "居首可能性", "不符合的约束", "未定的约束"],
    ["Rank", "Id", "Name", "Status", "Score", "Left open by missing values", "First", "Constraints that fail", "Constraints that are open"],
  );
  const rows = standing.order.map((at) => {
    const site = ranking.site(at, standing);
    const { zh, en } = STATUSES[site.status];
    const named = (...results) => few(app, results.flatMap((one) => ranking.withResult(at, one)));
    const cells = [
      site.rank ?? "—", site.id, lists.file.name(site.row), app.say(zh, en), score(site.score), interval(app, site) ?? "—",
      site.rank === null || site.first === null ? "—" : chance(site.first), titles(app, ranking.withResult(at, "fail")) || "—", named("requires_assessment", "not_assessed"),
    ];
    return h("tr", null, cells.map((cell) => h("td", null, cell)));
  });
  const { model } = ranking.data;
  return h("section", { class: "ps-print-more" },
    h("h2", null, app.say(`排序：${model.title_zh}`, `Ranking: ${model.title_en}`)),
    rankingSource(app),
    standing.changed && h("p", { class: "ps-note" }, drawsLeftOut(app)),
    h("table", { class: "ps-print-table ps-print-ranking" }, h("thead", null, h("tr", null, heads.map((one) => h("th", { scope: "col" }, one)))), h("tbody", null, rows)),
    h("p", { class: "ps-note" }, app.say("“待定”指有约束未评估或需论证，不等于符合。", "Open: constraints are not assessed or to be assessed, which is no pass.")));
}

/** Names of the first rules, and how many there are. */
function few(app, rules) {
  if (rules.length <= MOST_NAMED) return titles(app, rules) || "—";
  const named = titles(app, rules.slice(0, MOST_NAMED));
  return app.say(`${named}等 ${rules.length} 项`, `${named} and ${rules.length - MOST_NAMED} more`);
}

/** What the printed ranks rest on; in bold where the weights are the user's. */
export function rankingSource(app) {
  const text = [basisLine(app), otherDay(app)].filter(Boolean).join(app.say("。", ". "));
  return h("p", { class: "ps-print-weights" }, app.state.get("standing").changed ? h("b", null, text) : text);
}
