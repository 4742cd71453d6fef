import { faultText } from "../core/remarks.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

const MOST_LISTED = 200;

/** What became of a dropped file: counts, both lists to choose from, rejected rows with their reasons. */
export class DropReport {
  #app;
  #on;

  /**
   * @param {object} app
   * @param {{onRemove: () => void, onSaveRejected: () => void}} on
   */
  constructor(app, on) {
    this.#app = app;
    this.#on = on;
    this.element = h("div", { class: "ps-drop-report" });
    app.state.on(["dropped", "list", "lang"], () => this.#render());
    this.#render();
  }

  #render() {
    const dropped = this.#app.state.get("dropped");
    this.element.hidden = !dropped;
    if (!dropped) {
      fill(this.element);
      return;
    }
    fill(
      this.element,
      this.#lists(dropped),
      this.#summary(dropped),
      dropped.warnings.map((one) => h("p", { class: "ps-drop-warning" }, icon("warn"), h("span", null, this.#app.say(...one)))),
      this.#rejected(dropped),
      this.#rows("noted", dropped.noted, this.#app.say("待核的选址", "Sites to be checked"), (row, store) => store.notes(row).map((note) => this.#app.say(...note))),
      this.#rows("unknown", dropped.unknown, this.#app.say("领域或环节无法识别", "Field or stage not recognised"), (row, store) => this.#unknown(row, store)),
    );
  }

  /** Which list is on show. */
  #lists(dropped) {
    const { lists, state, data } = this.#app;
    const choice = (id, name, count) => h("button", {
      type: "button", class: "ps-button ps-list-choice", "aria-pressed": String(state.get("list") === id), data: { list: id },
      on: { click: () => state.set({ list: id, selection: null }) },
    }, h("span", { class: "ps-list-name", title: name }, name), h("span", { class: "ps-chip" }, count.toLocaleString("en-US")));
    const own = data.sample ? this.#app.say("示例选址", "Sample sites") : lists.file.source || this.#app.say("随图名单", "List of the map");
    return h("div", { class: "ps-list-choices", role: "group", "aria-label": this.#app.say("显示哪份名单", "Which list to show") },
      choice("dropped", dropped.source, dropped.count),
      choice("file", own, lists.file.count),
      h("button", { type: "button", id: "ps-drop-remove", class: "ps-button", on: { click: this.#on.onRemove } }, icon("close"), this.#app.say("移除名单", "Remove the list")));
  }

  #summary({ count, rejected, unknown, noted, encoding, reading }) {
    const say = (zh, en) => this.#app.say(zh, en);
    const datum = reading.datum === null ? null : (typeof reading.datum === "number" ? `EPSG:${reading.datum}` : this.#app.word("datum", reading.datum));
    const chips = [
      h("span", { class: "ps-chip is-good", data: { count: "checked" } }, say(`已核对 ${count.toLocaleString("en-US")}`, `${count.toLocaleString("en-US")} checked`)),
      h("span", { class: `ps-chip ${rejected.length ? "is-bad" : ""}`, data: { count: "rejected" } }, say(`拒绝 ${rejected.length}`, `${rejected.length} rejected`)),
      h("span", { class: `ps-chip ${unknown.length ? "is-warn" : ""}`, data: { count: "unknown" } }, say(`无法识别 ${unknown.length}`, `${unknown.length} not recognised`)),
      noted.length > 0 && h("span", { class: "ps-chip is-warn", data: { count: "noted" } }, say(`待核 ${noted.length}`, `${noted.length} to be checked`)),
    ];
    const how = [encoding, datum && say(`按所选 ${datum}`, `read as ${datum}, as chosen`), reading.swap && say("坐标轴颠倒", "axes swapped")].filter(Boolean).join(say("；", "; "));
    return [h("p", { class: "ps-drop-counts" }, chips), h("p", { class: "ps-note" }, say(`文字编码：${how}`, `Encoding: ${how}`))];
  }

  #rejected({ rejected }) {
    if (!rejected.length) return null;
    const say = (zh, en) => this.#app.say(zh, en);
    const more = rejected.length - MOST_LISTED;
    return h("section", { class: "ps-rejected", "aria-labelledby": "ps-rejected-title" },
      h("div", { class: "ps-rejected-head" },
        h("h4", { id: "ps-rejected-title" }, say(`被拒绝的行（${rejected.length}）`, `Rejected rows (${rejected.length})`)),
        h("button", { type: "button", id: "ps-save-rejected", class: "ps-button", on: { click: this.#on.onSaveRejected } }, icon("save"), say("另存为 CSV", "Save as CSV"))),
      h("ol", { class: "ps-rejected-list", tabindex: "0", "aria-labelledby": "ps-rejected-title" }, rejected.slice(0, MOST_LISTED).map((one) => this.#rejectedRow(one))),
      more > 0 && h("p", { class: "ps-note" }, say(`另有 ${more} 行，见另存的文件。`, `${more} more: see the saved file.`)));
  }

  #rejectedRow(one) {
    const where = one.line === null
      ? this.#app.say(`第 ${one.row} 行`, `Row ${one.row}`)
      : this.#app.say(`第 ${one.row} 行（文件第 ${one.line} 行）`, `Row ${one.row} (line ${one.line} of the file)`);
    const said = one.faults.map((fault) => faultText({ ...fault, row: null }, this.#app.lang));
    return h("li", { data: { row: String(one.row) } }, h("b", null, where), one.id && h("span", { class: "ps-rejected-id" }, ` ${one.id.slice(0, 60)}`), said.map((text) => h("p", null, text)));
  }

  /** Rows of the list with something to be said of each; a click selects the site. */
  #rows(key, rows, title, words) {
    if (!rows.length) return null;
    const { lists, state } = this.#app;
    const store = lists.dropped;
    const more = rows.length - MOST_LISTED;
    const select = (row) => state.set({ list: "dropped", selection: { kind: "site", list: "dropped", row } });
    return h("details", { class: "ps-drop-rows", data: { rows: key } },
      h("summary", null, `${title}（${rows.length}）`),
      h("ul", null, rows.slice(0, MOST_LISTED).map((row) => h("li", null,
        h("button", { type: "button", class: "ps-link", on: { click: () => select(row) } }, `${store.id(row)} ${store.name(row)}`.trim().slice(0, 80)),
        words(row, store).map((text) => h("p", { class: "ps-note" }, text))))),
      more > 0 && h("p", { class: "ps-note" }, this.#app.say(`另有 ${more} 行。`, `${more} more.`)));
  }

  #unknown(row, store) {
    return this.#app.register.ask(store.field(row), store.stage(row)).unknown.map(({ column, value, suggestions, suggestionsEn }) => {
      const [zh, en] = column === "field" ? ["领域", "field"] : ["环节", "stage"];
      return this.#app.say(`${zh}“${value.slice(0, 60)}”：是否指 ${suggestions.join("、")}？`, `${en} “${value.slice(0, 60)}”: did you mean ${suggestionsEn.join(", ")}?`);
    });
  }
}
