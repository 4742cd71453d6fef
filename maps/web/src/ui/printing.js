import { h } from "./dom.js";
import { drawMarks } from "./printmarks.js";
import { MARGIN_MM, PAPERS, copyLegend, defaultTitle, furniture, makeSheet } from "./printsheet.js";
import { icon } from "./icons.js";

const LEGENDS = [ // what is tried in turn: width, and points of its letters
  { width: "narrow", letters: [8.5, 8, 7.5, 7, 6.5] },
  { width: "wider", letters: [7.5, 7, 6.5] },
  { width: "widest", letters: [7.5, 7, 6.5, 6] },
];
const MOST_ROWS = 500;
const SETTLED_MS = 250; // for what is drawn in the frames after a change

/** Prints the view on a clean page: by the tool, or by the browser's own command. */
export function mount(app) {
  new Printing(app);
}

class Printing {
  #app;
  #options = { paper: "A4", landscape: true, title: "", legend: true, table: 0, card: false, ranking: false };
  #stage = null;

  constructor(app) {
    this.#app = app;
    app.addTool({ id: "print", icon: "print", zh: "打印…", en: "Print…", onClick: () => this.#ask() });
    window.addEventListener("beforeprint", () => this.#prepare());
    window.addEventListener("afterprint", () => this.#restore());
  }

  #ask() {
    const app = this.#app;
    const now = this.#options;
    const { state } = app;
    const { shown = 0 } = state.get("shown") ?? {};
    const hasCard = ["point", "site"].includes(state.get("selection")?.kind);
    const title = h("input", { type: "text", id: "ps-print-title", class: "ps-input", maxlength: 120, value: now.title || defaultTitle(app) });
    const choice = (name, value, checked, zh, en) =>
      h("label", { class: "ps-print-choice" }, h("input", { type: "radio", name, value, checked }), app.say(zh, en));
    const tick = (id, checked, disabled, zh, en, ...more) =>
      h("label", { class: "ps-print-choice", for: id }, h("input", { type: "checkbox", id, checked, disabled }), h("span", null, app.say(zh, en)), more);
    const rows = h("input", {
      type: "number", id: "ps-print-rows", class: "ps-input", min: 1, max: MOST_ROWS, value: now.table || Math.max(1, Math.min(20, shown)),
      "aria-label": app.say("表中选址数", "Sites in the table"),
    });
    const dialog = h("dialog", { class: "ps-dialog ps-print-dialog", "aria-labelledby": "ps-print-heading" });
    const close = () => {
      dialog.close();
      dialog.remove();
      document.getElementById("ps-tool-print")?.focus();
    };
    const form = h("form", { method: "dialog" },
      h("h2", { id: "ps-print-heading" }, app.say("打印", "Print")),
      h("div", { class: "ps-field" }, h("label", { for: "ps-print-title" }, app.say("标题", "Title")), title),
      h("fieldset", null, h("legend", { class: "ps-label-text" }, app.say("纸张", "Paper")),
        Object.keys(PAPERS).map((one) => choice("paper", one, now.paper === one, one, one))),
      h("fieldset", null, h("legend", { class: "ps-label-text" }, app.say("方向", "Orientation")),
        choice("way", "landscape", now.landscape, "横向", "Landscape"), choice("way", "portrait", !now.landscape, "纵向", "Portrait")),
      h("fieldset", { class: "is-stacked" }, h("legend", { class: "ps-label-text" }, app.say("内容", "Contents")),
        tick("ps-print-legend", now.legend, false, "图例", "Legend"),
        tick("ps-print-table", now.table > 0 && shown > 0, !shown, "选址判定表（另页），前", "Table of the verdicts (on further pages), the first", rows, app.say("处", "sites")),
        app.ranking && tick("ps-print-ranking", now.ranking, false, "排序表（另页）", "The ranking (on a further page)"),
        tick("ps-print-card", now.card && hasCard, !hasCard, "所选位置的判定卡（另页）", "Card of the selected place (on a further page)")),
      h("p", { class: "ps-note" }, app.say("图面按纸张重新排布，浅色，附来源、版本、基准日与图名状态。", "The map is laid out anew for the paper, in light colours, with sources, vintage, day and standing.")),
      h("div", { class: "ps-dialog-buttons" },
        h("button", { type: "button", class: "ps-button", on: { click: close } }, app.say("取消", "Cancel")),
        h("button", { type: "submit", class: "ps-button is-main" }, icon("print"), app.say("打印", "Print"))));
    const checked = (id) => form.querySelector(`#${id}`).checked;
    const chosen = (name) => form.querySelector(`input[name="${name}"]:checked`).value;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const count = Math.max(1, Math.min(MOST_ROWS, Number(rows.value) || 1));
      this.#options = {
        paper: chosen("paper"),
        landscape: chosen("way") === "landscape",
        title: title.value.trim() === defaultTitle(app) ? "" : title.value,
        legend: checked("ps-print-legend"),
        table: checked("ps-print-table") ? count : 0,
        card: checked("ps-print-card"),
        ranking: Boolean(app.ranking) && checked("ps-print-ranking"),
      };
      close();
      this.#print();
    });
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      close();
    });
    dialog.append(form);
    document.body.append(dialog);
    dialog.showModal();
    title.focus();
    title.select();
  }

  #print() {
    this.#prepare();
    setTimeout(() => window.print(), SETTLED_MS);
  }

  /** Lays the maps out on the sheet. */
  #prepare() {
    if (this.#stage) return;
    const app = this.#app;
    const options = this.#options;
    const root = document.documentElement;
    const listed = options.table ? rowsShown(app).slice(0, options.table) : [];
    const before = app.views.map(({ map }) => ({ map, centre: map.getCenter(), zoom: map.getZoom(), bounds: map.getBounds(), snap: map.options.zoomSnap }));
    const scheme = root.dataset.scheme;
    root.dataset.scheme = "light";
    const paper = h("style", { id: "ps-print-paper" }, `@page { size: ${options.paper} ${options.landscape ? "landscape" : "portrait"}; margin: ${MARGIN_MM}mm; }`);
    const sheet = makeSheet(app, options, listed);
    const back = h("div", { class: "ps-print-bar" },
      h("button", { type: "button", class: "ps-button is-main", on: { click: () => window.print() } }, icon("print"), app.say("打印", "Print")),
      h("button", { type: "button", class: "ps-button", on: { click: () => this.#restore() } }, icon("close"), app.say("返回地图", "Back to the map")));
    const stage = h("div", { class: "ps-print-stage" }, back, sheet.element);
    document.head.append(paper);
    document.body.append(stage);
    root.classList.add("is-printing");
    const homes = ["ps-map-a", "ps-map-b"].slice(0, sheet.frames.length).map((id, at) => {
      const element = document.getElementById(id);
      const home = document.createComment("");
      element.replaceWith(home);
      sheet.frames[at].prepend(element);
      return { element, home };
    });
    this.#stage = { scheme, paper, stage, homes, before, marks: [] };
    if (sheet.legend) {
      copyLegend(sheet.legend);
      fit(sheet.legend);
    }
    if (before.length > 1) arrange(sheet.frames[0].parentElement, before[0].map.getSize());
    for (const { map, bounds } of before) {
      map.options.zoomSnap = 0;
      map.invalidateSize({ pan: false, animate: false });
      map.fitBounds(bounds, { animate: false });
    }
    if (before.length > 1) before[1].map.setView(before[0].map.getCenter(), before[0].map.getZoom(), { animate: false });
    app.views.forEach((view, at) => sheet.frames[at].append(...furniture(app, view.map)));
    const numbers = new Map(listed.map((row, at) => [row, at + 1]));
    queueMicrotask(() => this.#finish(sheet, numbers));
  }

  /** What has to wait until the change of scheme has gone round. */
  #finish(sheet, numbers) {
    const stage = this.#stage;
    if (!stage) return;
    if (sheet.legend) copyLegend(sheet.legend);
    stage.marks = this.#app.views.map((view) => drawMarks(this.#app, view, numbers)).filter(Boolean);
  }

  #restore() {
    const stage = this.#stage;
    if (!stage) return;
    this.#stage = null;
    const root = document.documentElement;
    for (const one of stage.marks) one.remove();
    for (const { element, home } of stage.homes) home.replaceWith(element);
    stage.stage.remove();
    stage.paper.remove();
    root.classList.remove("is-printing");
    root.dataset.scheme = stage.scheme;
    for (const { map, centre, zoom, snap } of stage.before) {
      map.options.zoomSnap = snap;
      map.invalidateSize({ pan: false, animate: false });
      map.setView(centre, zoom, { animate: false });
    }
  }
}

function rowsShown(app) {
  const rows = [];
  app.state.get("shown")?.mask.forEach((one, row) => one && rows.push(row));
  return rows;
}

/** Makes the letters of the legend smaller, then the legend wider, until it fits its place. */
function fit(legend) {
  for (const { width, letters } of LEGENDS) {
    legend.dataset.width = width;
    for (const points of letters) {
      legend.style.fontSize = `${points}pt`;
      if (legend.scrollHeight <= legend.clientHeight + 1 && legend.scrollWidth <= legend.clientWidth + 1) return;
    }
  }
}

/** Two maps beside or above each other, whichever shows the view larger. */
function arrange(maps, view) {
  const { clientWidth: width, clientHeight: height } = maps;
  const beside = Math.min(width / 2 / view.x, height / view.y);
  const above = Math.min(width / view.x, height / 2 / view.y);
  maps.classList.toggle("is-stacked", above > beside);
}
