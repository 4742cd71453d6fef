import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { copyText } from "./clipboard.js";
import { share } from "./rankwords.js";

const MOST = 100;
const DECIMALS = 1; // of a weight that a slider gives

/** Sliders for the weights of the criteria, each with a box for the number and its share of the whole. */
export class RankWeights {
  #app;
  #rows;
  #title = h("h3");
  #note = h("p", { class: "ps-note" });
  #reset = h("button", { type: "button", class: "ps-button", on: { click: () => this.#app.state.set({ weights: null }) } });
  #copy = h("button", { type: "button", class: "ps-button", id: "ps-weights-copy", on: { click: () => this.#copyModel() } });
  #frame = 0;
  #wanted = null;

  constructor(app) {
    this.#app = app;
    this.#rows = app.ranking.criteria.map(({ id }, at) => this.#row(id, at));
    this.element = h("details", { class: "ps-part ps-fold ps-weights", id: "ps-weights" },
      h("summary", null, this.#title),
      h("div", { class: "ps-fold-body" }, this.#note, h("ul", null, this.#rows.map((one) => one.element)), h("div", { class: "ps-takeaway-buttons" }, this.#reset, this.#copy)));
    app.state.on(["standing", "lang"], () => this.#render());
    this.#render();
  }

  #row(id, at) {
    const slider = h("input", { type: "range", id: `ps-weight-${at}`, min: 0, max: MOST, step: "any", on: { input: () => this.#onSlide(id, slider) } });
    const number = h("input", {
      type: "number", id: `ps-weight-number-${at}`, class: "ps-input", min: 0, max: MOST, step: "any", inputmode: "decimal", on: { change: () => this.#onNumber(id, number) },
    });
    const name = h("span", { class: "ps-weight-name" });
    const portion = h("span", { class: "ps-weight-share" });
    const gaps = h("p", { class: "ps-note ps-weight-gaps", id: `ps-weight-gaps-${at}`, hidden: true });
    slider.setAttribute("aria-describedby", gaps.id);
    const element = h("li", { class: "ps-weight" }, h("label", { for: slider.id }, name, portion), slider, number, gaps);
    return { id, slider, number, name, portion, gaps, element };
  }

  #onSlide(id, slider) {
    const value = Number(Number(slider.value).toFixed(DECIMALS));
    this.#wanted = { ...this.#weights, ...this.#wanted, [id]: value };
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const wanted = this.#wanted;
      this.#wanted = null;
      this.#set(wanted);
    });
  }

  #onNumber(id, box) {
    const value = box.value.trim() === "" ? NaN : Number(box.value);
    this.#set({ ...this.#weights, [id]: value <= MOST ? value : NaN });
  }

  get #weights() {
    return this.#app.state.get("weights") ?? this.#app.ranking.modelWeights;
  }

  /** Takes the weights over; what cannot be used goes back to what it was, and says so. */
  #set(wanted) {
    const app = this.#app;
    const weights = app.ranking.settled(wanted);
    if (weights === undefined) {
      app.announce(app.say(`权重须为 0 至 ${MOST} 的数，且不全为零`, `Weights are numbers from 0 to ${MOST}, not all zero`));
      this.#render();
      return;
    }
    app.state.set({ weights });
    this.#render();
  }

  #render() {
    const app = this.#app;
    const standing = app.state.get("standing");
    const weights = this.#weights;
    fill(this.#title, app.say(`调整权重（${this.#rows.length} 项准则）`, `Change the weights (${this.#rows.length} criteria)`),
      standing.changed && h("span", { class: "ps-chip is-warn" }, app.say("已调整", "changed")));
    fill(this.#note, app.say("各项按总和折算为占比；名次随即重排，与命令行用同一权重所得一致。", "Shares are of the sum; the order follows at once, as the command line would give it with these weights."));
    fill(this.#reset, icon("reset"), app.say("恢复模型权重", "Model's weights"));
    this.#reset.disabled = !standing.changed;
    fill(this.#copy, icon("copy"), app.say("复制为模型权重", "Copy for a model file"));
    this.#rows.forEach(({ id, slider, number, name, portion, gaps }, at) => {
      const rule = app.ranking.criteria[at];
      const title = app.say(rule.title_zh, rule.title_en);
      const part = share(standing.weights[at]);
      const missing = app.ranking.missing(at);
      gaps.hidden = !missing;
      fill(gaps, app.say(`${missing} 处缺值（共 ${app.ranking.ranked.length} 处），按最低效用计`, `no value for ${missing} of ${app.ranking.ranked.length} sites: taken at the lowest utility`));
      fill(name, title);
      fill(portion, part);
      if (document.activeElement !== slider || Number(Number(slider.value).toFixed(DECIMALS)) !== weights[id]) slider.value = String(weights[id]);
      number.value = String(weights[id]);
      slider.setAttribute("aria-valuetext", app.say(`${weights[id]}，占 ${part}`, `${weights[id]}, ${part} of the whole`));
      number.setAttribute("aria-label", app.say(`${title}的权重`, `Weight of ${title}`));
    });
  }

  /** The weights as a siting model's file says them, for the command line. */
  async #copyModel() {
    const app = this.#app;
    const lines = Object.entries(this.#weights).map(([id, weight]) => `    ${id}: ${weight}`);
    const done = await copyText(["weights:", "  method: direct", "  values:", ...lines, ""].join("\n"));
    app.announce(done ? app.say("已复制，可粘贴到选址模型文件", "Copied; paste it into a siting model's file") : app.say("浏览器不允许复制", "The browser does not allow copying"));
  }
}
