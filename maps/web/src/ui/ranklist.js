import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { number } from "./phrases.js";
import { STATUSES, chance, interval, score, titles } from "./rankwords.js";
import { bringIntoSight } from "./views.js";

const AT_ONCE = 100; // sites listed before one asks for more
const NARROW = window.matchMedia("(max-width: 760px)");

/** The sites by rank, each a button that opens its card; the excluded ones below. */
export class RankList {
  #app;
  #title = h("h3", { id: "ps-rank-title" });
  #list = h("ol", { class: "ps-ranks", "aria-labelledby": "ps-rank-title" });
  #more = h("button", { type: "button", class: "ps-button", on: { click: () => this.#showMore() } });
  #outTitle = h("h3");
  #outList = h("ul", { class: "ps-ranks" });
  #out = h("details", { class: "ps-part ps-fold", id: "ps-rank-excluded" }, h("summary", null, this.#outTitle), h("div", { class: "ps-fold-body" }, this.#outList));
  #limit = AT_ONCE;
  #buttons = new Map();

  constructor(app) {
    this.#app = app;
    this.element = h("section", { class: "ps-rank-list" }, this.#title, this.#list, this.#more, this.#out);
    app.state.on(["standing", "lang"], () => this.#render());
    app.state.on(["selection"], () => this.#mark());
    this.#render();
  }

  #showMore() {
    const next = this.#limit;
    this.#limit += AT_ONCE;
    this.#render();
    this.#list.children[next]?.querySelector("button").focus();
  }

  #render() {
    const app = this.#app;
    const { ranking } = app;
    const standing = app.state.get("standing");
    const held = document.activeElement?.dataset?.at;
    const ranked = standing.order.filter((at) => standing.rank[at] !== null);
    const excluded = standing.order.filter((at) => standing.rank[at] === null);
    this.#buttons.clear();
    fill(this.#title, app.say(`排序（${ranked.length} 处）`, `Ranking (${ranked.length} sites)`));
    fill(this.#list, ranked.length ? ranked.slice(0, this.#limit).map((at) => h("li", { value: standing.rank[at] }, this.#ranked(at, standing)))
      : h("li", { class: "ps-note" }, app.say("没有可参与排序的选址。", "No site can be ranked.")));
    this.#more.hidden = ranked.length <= this.#limit;
    fill(this.#more, app.say(`再列 ${Math.min(AT_ONCE, ranked.length - this.#limit)} 处（共 ${number(ranked.length)} 处）`, `${Math.min(AT_ONCE, ranked.length - this.#limit)} more of ${number(ranked.length)}`));
    this.#out.hidden = !excluded.length;
    fill(this.#outTitle, app.say(`排除的选址（${excluded.length}）`, `Excluded sites (${excluded.length})`));
    fill(this.#outList, excluded.slice(0, this.#limit).map((at) => h("li", null, this.#excluded(at))),
      excluded.length > this.#limit && h("li", { class: "ps-note" }, app.say(`另有 ${excluded.length - this.#limit} 处，见保存的表格`, `${excluded.length - this.#limit} more are in the saved table`)));
    this.#mark();
    if (held !== undefined && ranking.count) this.#buttons.get(Number(held))?.focus({ preventScroll: true });
  }

  #ranked(at, standing) {
    const app = this.#app;
    const { ranking } = app;
    const site = {
      scoreLow: standing.scoreLow[at], scoreHigh: standing.scoreHigh[at], rankBest: standing.rankBest[at], rankWorst: standing.rankWorst[at],
    };
    const range = standing.intervals ? interval(app, site) : null;
    const before = ranking.standing().rank[at];
    const moved = standing.changed && before !== standing.rank[at];
    const rise = before > standing.rank[at];
    const first = ranking.first(at, standing);
    return this.#button(at,
      h("span", { class: `ps-rank-number is-${ranking.status[at]}` }, standing.rank[at]),
      h("span", { class: "ps-rank-main" },
        h("span", { class: "ps-rank-name" }, this.#name(at)),
        scoreBar(app, standing.score[at], standing.intervals ? site : null),
        h("span", { class: "ps-rank-facts" },
          statusChip(app, ranking.status[at]),
          ranking.overridden(at) && h("span", { class: "ps-chip is-warn" }, icon("hand"), app.say("人工认定", "by hand")),
          moved && h("span", { class: "ps-chip" }, `${rise ? "▲" : "▼"} `, app.say(`模型第 ${before} 位`, `model: ${before}`)),
          first !== null && h("span", { class: "ps-rank-first" }, app.say(`居首 ${chance(first)}`, `first in ${chance(first)} of draws`)),
          range && h("span", null, app.say(`区间 ${range}`, `interval ${range}`)))),
      h("span", { class: "ps-rank-score" }, score(standing.score[at])));
  }

  #excluded(at) {
    const app = this.#app;
    return this.#button(at,
      h("span", { class: "ps-rank-number is-excluded" }, icon("close")),
      h("span", { class: "ps-rank-main" },
        h("span", { class: "ps-rank-name" }, this.#name(at)),
        h("span", { class: "ps-rank-facts" }, statusChip(app, "excluded"),
          app.ranking.overridden(at) && h("span", { class: "ps-chip is-warn" }, icon("hand"), app.say("人工认定", "by hand")),
          h("span", null, app.say("不符合：", "fails: "), titles(app, app.ranking.withResult(at, "fail"))))));
  }

  #button(at, ...content) {
    const button = h("button", { type: "button", class: "ps-rank", data: { at: String(at) }, on: { click: () => this.#open(at) } }, content);
    this.#buttons.set(at, button);
    return button;
  }

  #name(at) {
    const { ranking, lists } = this.#app;
    const name = lists.file.name(ranking.rows[at]);
    return name && name !== ranking.ids[at] ? [h("b", null, name), " ", h("span", { class: "ps-note" }, ranking.ids[at])] : h("b", null, ranking.ids[at]);
  }

  #open(at) {
    const { lists, map, ranking, state } = this.#app;
    const row = ranking.rows[at];
    state.set({ ...(NARROW.matches && { panel: null }), list: "file", selection: { kind: "site", list: "file", row } });
    requestAnimationFrame(() => bringIntoSight(map, { lat: lists.file.lat[row], lng: lists.file.lon[row] }));
  }

  #mark() {
    const chosen = this.#app.rankedSite();
    for (const [at, button] of this.#buttons) button.setAttribute("aria-current", String(at === chosen));
  }
}

/** How a site stands to the constraints, by sign and word. */
export function statusChip(app, status) {
  const { zh, en, icon: image, chip, hintZh, hintEn } = STATUSES[status];
  return h("span", { class: `ps-chip ps-status-chip ${chip}`, title: app.say(hintZh, hintEn) }, icon(image), app.say(zh, en));
}

/** A score between the lowest and the highest that the method can give, with its interval. */
export function scoreBar(app, value, site) {
  const [low, high] = app.ranking.range;
  const place = (one) => `${(100 * Math.min(1, Math.max(0, (one - low) / (high - low)))).toFixed(2)}%`;
  const isOpen = site && site.scoreLow !== null && site.scoreHigh !== site.scoreLow;
  return h("span", { class: "ps-score-bar", "aria-hidden": "true" },
    h("span", { class: "ps-score-fill", style: { width: place(value) } }),
    isOpen && h("span", { class: "ps-score-range", style: { left: place(site.scoreLow), right: `calc(100% - ${place(site.scoreHigh)})` } }));
}
