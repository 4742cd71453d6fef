import { run, Stopped } from "../core/slices.js";
import { makeSchema } from "../core/schema.js";
import { csvFile, geojsonFile } from "../core/tables.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { number } from "./phrases.js";
import { saveFile } from "./saving.js";

const SAYS_PROGRESS = 2_000; // sites
const FORMATS = [
  { id: "csv", zh: "CSV 表格", en: "CSV table", type: "text/csv", ending: "csv", make: csvFile },
  { id: "geojson", zh: "GeoJSON", en: "GeoJSON", type: "application/geo+json", ending: "geojson", make: geojsonFile },
];

/** Saves the sites on show with their verdicts, as a table or as map data. */
export function mount(app) {
  new TakeAway(app, document.getElementById("ps-takeaway"));
}

class TakeAway {
  #app;
  #schema;
  #heading = h("h3", { id: "ps-takeaway-title" });
  #note = h("p", { class: "ps-note" });
  #progress = h("progress", { class: "ps-work-bar", max: 1, value: 0 });
  #stop = h("button", { type: "button", class: "ps-button", on: { click: () => this.#working?.abort() } });
  #work = h("div", { class: "ps-work", hidden: true }, this.#progress, this.#stop);
  #buttons = FORMATS.map((form) => h("button", { type: "button", id: `ps-save-${form.id}`, class: "ps-button", on: { click: () => this.#save(form) } }));
  #working = null;

  constructor(app, host) {
    this.#app = app;
    this.#schema = makeSchema(app.data.columns);
    host.append(h("section", { class: "ps-takeaway", "aria-labelledby": "ps-takeaway-title" }, this.#heading, h("div", { class: "ps-takeaway-buttons" }, this.#buttons), this.#work, this.#note));
    app.state.on(["shown", "lang", "date"], () => this.#render());
    this.#render();
  }

  #render() {
    const app = this.#app;
    const { shown = 0 } = app.state.get("shown") ?? {};
    fill(this.#heading, app.say(`保存所显示的 ${number(shown)} 处选址`, `Save the ${number(shown)} sites shown`));
    FORMATS.forEach((form, at) => {
      fill(this.#buttons[at], icon("save"), app.say(form.zh, form.en));
      this.#buttons[at].disabled = !shown || this.#working !== null;
    });
    fill(this.#stop, app.say("停止", "Stop"));
    this.#progress.setAttribute("aria-label", app.say("保存进度", "Progress of saving"));
    fill(this.#note, app.say(
      `含基准日 ${app.state.get("date")} 的判定、依据与来源，栏目与 parksite check 相同；文件存于本机，不发送。`,
      `With verdict, evidence and sources as of ${app.state.get("date")}, in the columns of parksite check; saved on this computer, nothing is sent.`,
    ));
  }

  async #save({ type, ending, make }) {
    const app = this.#app;
    const { state } = app;
    const { mask, shown, store } = state.get("shown");
    const date = state.get("date");
    const rows = [];
    mask.forEach((one, row) => one && rows.push(row));
    this.#working = new AbortController();
    this.#work.hidden = shown < SAYS_PROGRESS;
    this.#progress.max = rows.length;
    this.#render();
    try {
      const answer = (row) => app.answerRow(row, date, store);
      const work = make({ store, rows, answer, schema: this.#schema, data: app.data, date });
      const onProgress = (done) => (this.#progress.value = done);
      const pieces = await run(work, { onProgress, signal: this.#working.signal });
      const name = `sites-checked-${date}.${ending}`;
      saveFile(name, pieces, type);
      app.announce(app.say(`已保存 ${rows.length} 处选址：${name}`, `${rows.length} sites saved: ${name}`));
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      app.announce(app.say("已停止，未保存。", "Stopped, nothing saved."));
    } finally {
      this.#working = null;
      this.#work.hidden = true;
      this.#render();
    }
  }
}
