import { rankingCsv } from "../core/ranktable.js";
import { makeSchema } from "../core/schema.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { RankList } from "./ranklist.js";
import { RankWeights } from "./rankweights.js";
import { RESULTS, STATUSES, drawsLeftOut, otherDay, share, titles, weightsLine } from "./rankwords.js";
import { saveFile } from "./saving.js";

const TELL_MS = 700;

/** The pane of the ranking: the weights, the order that they give, what it rests on. */
export function mount(app) {
  new RankingPane(app, document.getElementById("ps-panel-ranking"));
}

class RankingPane {
  #app;
  #head = h("div", { class: "ps-rank-head" });
  #notice = h("div", { class: "ps-warning ps-rank-changed", hidden: true });
  #rest = h("div", { class: "ps-rank-rest" });
  #save = h("button", { type: "button", id: "ps-save-ranking", class: "ps-button", on: { click: () => this.#saveTable() } });
  #saveNote = h("p", { class: "ps-note" });

  constructor(app, host) {
    this.#app = app;
    const weights = new RankWeights(app);
    const list = new RankList(app);
    weights.element.hidden = !app.ranking.ranked.length;
    host.append(this.#head, this.#notice, weights.element, list.element, h("section", { class: "ps-takeaway" }, h("div", { class: "ps-takeaway-buttons" }, this.#save), this.#saveNote), this.#rest);
    app.state.on(["weights"], () => this.#reckon());
    app.state.on(["standing", "lang"], () => this.#renderNotice());
    app.state.on(["lang", "date"], () => this.#renderWords());
    this.#renderNotice();
    this.#renderWords();
  }

  #reckon() {
    const app = this.#app;
    app.state.set({ standing: app.ranking.standing(app.state.get("weights")) });
    clearTimeout(this.telling);
    this.telling = setTimeout(() => app.announce(this.#summary()), TELL_MS);
  }

  /** What a change of weights has done, in a sentence. */
  #summary() {
    const app = this.#app;
    const { ranking } = app;
    const standing = app.state.get("standing");
    const model = ranking.standing();
    const moved = ranking.ranked.filter((at) => standing.rank[at] !== model.rank[at]).length;
    const [first] = standing.order;
    const name = first === undefined || standing.rank[first] === null ? "" : app.lists.file.name(ranking.rows[first]) || ranking.ids[first];
    if (!standing.changed) return app.say(`已恢复模型权重，第 1 位：${name}`, `The model's weights again; first: ${name}`);
    return app.say(`第 1 位：${name}；${moved} 处名次与模型权重下不同`, `First: ${name}; ${moved} sites rank otherwise than with the model's weights`);
  }

  #renderNotice() {
    const app = this.#app;
    const standing = app.state.get("standing");
    this.#notice.hidden = !standing.changed;
    const unknown = standing.intervals ? null : h("p", null, app.say(
      "该方法下缺值引起的区间须由命令行抽样得出，此处不给出。", "With this method the intervals of missing values come from draws of the command line; none are shown here.",
    ));
    fill(this.#notice, icon("hand"), h("div", null,
      h("p", null, h("b", null, app.say("权重已由您调整", "Weights changed by you")), app.say("，名次、得分不再是模型的结果。", ": ranks and scores are no longer the model's. "), drawsLeftOut(app)),
      unknown,
      h("button", { type: "button", id: "ps-rank-reset", class: "ps-button", on: { click: () => this.#reset() } }, icon("reset"), app.say("恢复模型权重", "Back to the model's weights"))));
  }

  #reset() {
    this.#app.state.set({ weights: null });
    document.getElementById("ps-tab-ranking").focus();
  }

  #renderWords() {
    const app = this.#app;
    const { model, aggregation, weighting, sample, as_of: asOf } = app.ranking.data;
    const day = otherDay(app);
    const counts = Object.entries(STATUSES).map(([status, { zh, en, chip, icon: image, hintZh, hintEn }]) => {
      const count = app.ranking.status.filter((one) => one === status).length;
      return h("li", { title: app.say(hintZh, hintEn) }, h("span", { class: `ps-chip ${chip}` }, icon(image), app.say(zh, en)), h("b", null, count));
    });
    fill(this.#head,
      h("h2", null, app.say(model.title_zh, model.title_en)),
      h("p", { class: "ps-note" }, app.say(
        `${model.version} 版；${aggregation.zh}；${weighting ? `${weighting.zh}；` : ""}基准日 ${asOf}`,
        `version ${model.version}; ${aggregation.en}; ${weighting ? `${weighting.en}; ` : ""}as of ${asOf}`,
      )),
      h("ul", { class: "ps-rank-counts", "aria-label": app.say("各类选址数", "Sites by status") }, counts),
      sample && h("p", { class: "ps-note" }, h("span", { class: "ps-chip ps-sample" }, app.say("示例选址点，非真实项目", "Sample sites, no real projects"))),
      day && h("div", { class: "ps-warning" }, icon("warn"), h("p", null, day)));
    fill(this.#save, icon("save"), app.say("保存排序表（CSV）", "Save the ranking (CSV)"));
    fill(this.#saveNote, app.say("含当前权重下的名次、得分与各项依据；权重若经调整，文件中注明。", "Ranks, scores and reasons under the weights on show; if you changed them, the file says so."));
    fill(this.#rest, this.#missing(), this.#overrides(), this.#about());
  }

  /** Layers that are not there, and what was not assessed without them. */
  #missing() {
    const app = this.#app;
    const { layers } = app.ranking.data;
    const rules = [...app.ranking.constraints, ...app.ranking.criteria];
    const absent = layers.filter((one) => !one.present);
    if (!absent.length) return null;
    return fold(app.say(`缺少的图层（${absent.length}）`, `Layers that are missing (${absent.length})`), h("ul", { class: "ps-rank-notes" }, absent.map((one) =>
      h("li", null, h("b", null, app.say(one.title_zh, one.title_en)), app.say("，未评估：", "; not assessed: "), titles(app, rules.filter(({ id }) => one.rules.includes(id))),
        h("div", { class: "ps-mono ps-note" }, `parksite layers add ${one.name} FILE`)))), true);
  }

  #overrides() {
    const app = this.#app;
    const { overrides } = app.ranking.data;
    if (!overrides.length) return null;
    const title = (rule) => titles(app, app.ranking.constraints.filter(({ id }) => id === rule)) || rule;
    const alike = new Map();
    for (const one of overrides) {
      const key = JSON.stringify([one.rule, one.result, one.by, one.reason]);
      alike.set(key, [...(alike.get(key) ?? []), one.site === "*" ? app.say("全部选址", "all sites") : one.site]);
    }
    const rows = [...alike].map(([key, sites]) => {
      const [rule, result, by, reason] = JSON.parse(key);
      const { zh, en } = RESULTS[result];
      return h("li", null, title(rule), " → ", app.say(zh, en), app.say("：", ": "), sites.join(app.say("、", ", ")), h("div", { class: "ps-note" }, `${by}${app.say("：", ": ")}${reason}`));
    });
    return fold(app.say(`人工认定（${overrides.length}）`, `Decided by hand (${overrides.length})`), h("ul", { class: "ps-rank-notes" }, rows), true);
  }

  #about() {
    const app = this.#app;
    const { model, weighting, robustness, warnings } = app.ranking.data;
    const criteria = app.ranking.criteria.map((one) =>
      h("li", null, h("b", null, app.say(one.title_zh, one.title_en)), ` ${share(one.weight)}`, h("div", { class: "ps-note" }, app.say(one.function_zh, one.function_en), one.ours && ` · ${app.say(one.source_zh, one.source_en)}`)));
    return fold(app.say("模型说明", "About the model"), [
      h("p", null, app.say(model.description_zh, model.description_en)),
      h("ul", { class: "ps-rank-notes" }, criteria),
      weighting?.remarks.map((one) => h("p", { class: "ps-note" }, app.say(one.zh, one.en))),
      robustness.draws > 0 && h("p", { class: "ps-note" }, app.say(
        `居首可能性：${robustness.draws} 次抽样（种子 ${robustness.seed}），${robustness.distribution_zh}。`,
        `Shares of draws: ${robustness.draws} draws (seed ${robustness.seed}), ${robustness.distribution_en}.`,
      )),
      warnings.map((one) => h("p", { class: "ps-note" }, app.say(one.zh, one.en))),
      h("p", { class: "ps-note" }, weightsLine(app, app.ranking.standing())),
      h("p", { class: "ps-note ps-mono" }, `${model.id} ${model.version} ${model.digest}`),
    ]);
  }

  #saveTable() {
    const app = this.#app;
    const standing = app.state.get("standing");
    const name = `ranking-${app.ranking.data.model.id}${standing.changed ? "-weights-changed" : ""}.csv`;
    const text = rankingCsv(app.ranking, standing, app.lists.file, makeSchema(app.data.columns));
    saveFile(name, [text], "text/csv");
    app.announce(app.say(`已保存：${name}`, `Saved: ${name}`));
  }
}

function fold(name, content, open = false) {
  return h("details", { class: "ps-part ps-fold", open }, h("summary", null, h("h3", null, name)), h("div", { class: "ps-fold-body" }, content));
}
