import { h } from "./dom.js";
import { difference, score, titles } from "./rankwords.js";

/**
 * The way from the best site's score to a site's own, criterion by criterion.
 *
 * @param {object} app
 * @param {object} site of core/ranking.js
 * @param {import("../core/ranking.js").Standing} standing
 * @returns {HTMLElement|null} null for a site that is not ranked
 */
export function waterfall(app, site, standing) {
  if (site.rank === null) return null;
  const { ranking, lists } = app;
  const name = lists.file.name(ranking.rows[site.best]) || ranking.ids[site.best];
  const title = h("h4", null, app.say("与首位的差距", "Against the best site"));
  if (site.at === site.best) return h("section", null, title, h("p", { class: "ps-note" }, app.say("本处居首。", "This site comes first.")));
  const start = standing.score[site.best];
  const bars = site.waterfallExact ? steps(app, site, start, name) : differences(app, site);
  const extent = bars.flatMap(({ from, to }) => [from, to]);
  const [low, high] = [Math.min(0, ...extent), Math.max(...extent, Number.MIN_VALUE)];
  const reach = high - low;
  const place = (value) => `${((100 * (value - low)) / reach).toFixed(2)}%`;
  return h("section", null, title,
    h("p", { class: "ps-note" }, site.waterfallExact
      ? app.say(`自首位“${name}”的得分起，逐项加减至本处得分。`, `From the score of the best site, ${name}, by each criterion to this site's.`)
      : app.say(`首位为“${name}”（得分 ${score(start)}）。该方法的得分不能按准则相加，下列为权重与效用差之积，仅供参考。`, `The best site is ${name} (score ${score(start)}). With this method scores are no sums; these are weights times differences of utility, for orientation.`)),
    h("ul", { class: "ps-waterfall" }, bars.map(({ text, value, from, to, kind }) => h("li", { class: `is-${kind}` },
      h("span", { class: "ps-fall-name" }, text),
      h("span", { class: "ps-fall-track", "aria-hidden": "true" },
        low < 0 && h("span", { class: "ps-fall-zero", style: { left: place(0) } }),
        h("span", { class: "ps-fall-bar", style: { left: place(Math.min(from, to)), right: `calc(100% - ${place(Math.max(from, to))})` } })),
      h("span", { class: "ps-fall-value" }, value)))));
}

function steps(app, site, start, name) {
  let level = start;
  const moves = site.waterfall.map(({ rule, difference: change }) => {
    const from = level;
    level += change;
    return { text: titles(app, [rule]), value: difference(change), from, to: level, kind: kindOf(change) };
  });
  return [
    { text: app.say(`首位：${name}`, `Best: ${name}`), value: score(start), from: 0, to: start, kind: "total" },
    ...moves,
    { text: app.say("本处得分", "This site"), value: score(site.score), from: 0, to: site.score, kind: "total" },
  ];
}

function differences(app, site) {
  return site.waterfall.map(({ rule, difference: change }) => ({ text: titles(app, [rule]), value: difference(change), from: 0, to: change, kind: kindOf(change) }));
}

function kindOf(change) {
  if (Math.abs(change) < 5e-13) return "same";
  return change > 0 ? "gain" : "loss";
}
