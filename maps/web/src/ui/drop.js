import { examine } from "../core/examine.js";
import { Fault } from "../core/fault.js";
import { NO_FILTERS } from "../core/filter.js";
import { locate } from "../core/locate.js";
import { cautions, lookedUp, placeFinder, placeSites, rejectedTable } from "../core/remarks.js";
import { draft, readLayer, refuseOthers } from "../core/rows.js";
import { makeSchema } from "../core/schema.js";
import { settle } from "../core/settle.js";
import { run, Stopped } from "../core/slices.js";
import { makeStore } from "../core/store.js";
import { csvText } from "../core/tables.js";
import { askReading } from "./datumdialog.js";
import { fill, h } from "./dom.js";
import { DropReport } from "./dropreport.js";
import { icon } from "./icons.js";
import { saveFile, stemOf } from "./saving.js";

const NO_READING = Object.freeze({ datum: null, swap: false });
const CLOSEST = 14; // zoom
const STEPS = {
  read: ["读取", "Reading"],
  place: ["换算坐标", "Converting positions"],
  locate: ["判定区属", "Locating"],
};

/**
 * A file of sites, dropped on the page or chosen, is read and checked here.
 *
 * Sets `dropped`: `{source, count, rejected, warnings, encoding, datum, noted, unknown}`, and `app.lists.dropped`.
 */
export function mount(app) {
  window.addEventListener("beforeunload", (event) => app.state.get("dropped") && event.preventDefault());
  new Drop(app, document.getElementById("ps-drop"));
}

class Drop {
  #app;
  #schema;
  #working = null;
  #fault = null;
  #step = null;
  #heading = h("h3", { id: "ps-drop-title" });
  #note = h("p", { class: "ps-note" });
  #input = h("input", {
    type: "file", id: "ps-drop-file", class: "ps-drop-input", accept: ".csv,.tsv,.txt,.json,.geojson,.geojsonl,.ndjson,text/csv,application/geo+json",
    on: { change: () => this.#chosen() },
  });
  #label = h("span");
  #message = h("div", { class: "ps-drop-fault", role: "alert" });
  #progress = h("progress", { class: "ps-work-bar" });
  #stepName = h("span", { class: "ps-note" });
  #stop = h("button", { type: "button", class: "ps-button", on: { click: () => this.#working?.abort() } });
  #work = h("div", { class: "ps-work", hidden: true }, this.#stepName, this.#progress, this.#stop);
  #curtain = h("div", { class: "ps-curtain", hidden: true, "aria-hidden": "true" });
  #report;

  constructor(app, host) {
    this.#app = app;
    this.#schema = makeSchema(app.data.columns);
    this.#report = new DropReport(app, { onRemove: () => this.#remove(), onSaveRejected: () => this.#saveRejected() });
    host.append(
      h("section", { class: "ps-drop", "aria-labelledby": "ps-drop-title" },
        this.#heading,
        h("label", { class: "ps-button ps-drop-button", for: "ps-drop-file" }, icon("file"), this.#label, this.#input),
        this.#note, this.#message, this.#work, this.#report.element),
    );
    document.body.append(this.#curtain);
    this.#listen();
    app.state.on(["lang"], () => this.#render());
    this.#render();
  }

  #listen() {
    const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    window.addEventListener("dragover", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      this.#curtain.hidden = false;
    });
    window.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) this.#curtain.hidden = true;
    });
    window.addEventListener("dragend", () => (this.#curtain.hidden = true));
    window.addEventListener("drop", (event) => {
      this.#curtain.hidden = true;
      if (!holdsFiles(event)) return;
      event.preventDefault();
      this.#open([...event.dataTransfer.files]);
    });
  }

  #chosen() {
    const files = [...this.#input.files];
    this.#input.value = "";
    if (files.length) this.#open(files);
  }

  #render() {
    const say = (zh, en) => this.#app.say(zh, en);
    fill(this.#heading, say("核对自己的名单", "Check a list of your own"));
    fill(this.#label, say("打开 CSV 或 GeoJSON…", "Open a CSV or GeoJSON file…"));
    fill(this.#note, say("也可将文件拖到页面任意处。只在本机浏览器内核对，不向任何地方发送。", "Or drop the file anywhere on the page. It is checked in this browser; nothing is sent anywhere."));
    fill(this.#stop, say("停止", "Stop"));
    fill(this.#curtain, h("div", { class: "ps-curtain-words" }, icon("file"), h("strong", null, say("松开即核对该名单", "Release to check this list")), h("span", null, say("CSV 或 GeoJSON，仅在本机读取", "CSV or GeoJSON, read on this computer only"))));
    fill(this.#stepName, this.#step && say(...STEPS[this.#step]));
    this.#progress.setAttribute("aria-label", say("核对进度", "Progress of the check"));
    this.#sayFault();
  }

  #sayFault() {
    const say = (zh, en) => this.#app.say(zh, en);
    const fault = this.#fault;
    if (!fault) {
      fill(this.#message);
      return;
    }
    fill(this.#message,
      h("strong", null, fault.file), h("p", null, say(fault.zh, fault.en)),
      fault.value !== null && h("p", { class: "ps-note" }, String(fault.value).slice(0, 200)),
      (fault.remedyZh || fault.remedyEn) && h("p", null, "→ ", say(fault.remedyZh, fault.remedyEn)));
  }

  /** Checks the first of some files; what it held before is replaced once that has worked. */
  async #open(files) {
    const { state } = this.#app;
    const [file] = files;
    this.#working?.abort();
    const working = new AbortController();
    this.#working = working;
    this.#fault = null;
    this.#sayFault();
    state.set({ panel: "sites" });
    try {
      const found = await this.#check(file, files.length, working.signal);
      if (found) this.#show(found);
    } catch (error) {
      if (error instanceof Stopped) this.#app.announce(this.#app.say("已停止。", "Stopped."));
      else if (working === this.#working) this.#refuse(file, error);
    } finally {
      if (working === this.#working) {
        this.#working = null;
        this.#advance(null);
      }
    }
  }

  #refuse(file, error) {
    const known = error instanceof Fault;
    const fault = known ? error : new Fault("文件无法读取", "the file cannot be read", { value: error.message, remedyZh: "请确认它是文件而不是文件夹，再试一次", remedyEn: "see that it is a file and no folder, and try again" });
    this.#fault = { zh: fault.zh, en: fault.en, value: fault.value, remedyZh: fault.remedyZh, remedyEn: fault.remedyEn, file: file.name };
    this.#sayFault();
  }

  #advance(step, of = null) {
    this.#step = step;
    this.#work.hidden = step === null;
    fill(this.#stepName, step && this.#app.say(...STEPS[step]));
    if (of === null) this.#progress.removeAttribute("value");
    else {
      this.#progress.max = Math.max(1, of);
      this.#progress.value = 0;
    }
    return (done) => of !== null && (this.#progress.value = done);
  }

  /** Reads, asks for the datum where nobody says it, settles and locates. */
  async #check(file, count, signal) {
    const app = this.#app;
    const { data, datums, ground, register } = app;
    const schema = this.#schema;
    const { name } = file;
    refuseOthers(file.size, name);
    const onRead = this.#advance("read");
    const bytes = new Uint8Array(await file.arrayBuffer());
    const layer = await run(readLayer(bytes, name, schema), { onProgress: onRead, signal });
    let drafts = await run(draft(layer, NO_READING, schema), { onProgress: onRead, signal });
    const districtOf = placeFinder(data.places);
    const finding = examine(drafts, { locate, ground, datums, districtOf });
    let reading = NO_READING;
    if (finding.undeclared && drafts.rows.length) {
      this.#work.hidden = true;
      reading = await askReading(app, { name, layer, drafts, finding }, signal);
      if (signal.aborted || reading === null) throw new Stopped();
      drafts = await run(draft(layer, reading, schema), { signal });
    }
    const total = drafts.rows.length;
    const found = await run(settle(drafts, reading, { schema, datums, name }), { onProgress: this.#advance("place", total), signal });
    const tools = { locate, ground, datums, places: data.places };
    const rows = await run(placeSites(found.sites, tools), { onProgress: this.#advance("locate", found.sites.length), signal });
    const rejected = found.rejected.map((one) => lookedUp(one, register, schema.columnNames));
    const store = makeStore(rows, { source: name, own: layer.columns });
    const several = [`共放入 ${count} 个文件，只读取第一个。`, `${count} files were dropped; only the first is read.`];
    return {
      store,
      dropped: {
        source: name,
        count: store.count,
        rejected,
        encoding: layer.encoding,
        reading,
        warnings: [...(count > 1 ? [several] : []), ...found.warnings, ...cautions(rows, name)],
        noted: rows.flatMap((row, at) => (row.notes.length ? [at] : [])),
        unknown: rows.flatMap((row, at) => (register.ask(row.field, row.stage).unknown.length ? [at] : [])),
      },
    };
  }

  #show({ store, dropped }) {
    const app = this.#app;
    app.lists.dropped = store;
    app.state.set({ dropped, list: "dropped", selection: null, pinned: null, filters: NO_FILTERS, panel: "sites" });
    this.#fit(store);
    app.announce(app.say(
      `${dropped.source}：已核对 ${dropped.count} 处，拒绝 ${dropped.rejected.length} 行。`,
      `${dropped.source}: ${dropped.count} sites checked, ${dropped.rejected.length} rows rejected.`,
    ));
  }

  /** Shows the sites in the city, or all where none is in it. */
  #fit(store) {
    const every = Array.from({ length: store.count }, (_, row) => row);
    const inside = every.filter((row) => store.district(row) !== null);
    const rows = inside.length ? inside : every;
    if (!rows.length) return;
    const box = [[90, 180], [-90, -180]];
    for (const row of rows) {
      const at = [store.lat[row], store.lon[row]];
      for (const axis of [0, 1]) {
        box[0][axis] = Math.min(box[0][axis], at[axis]);
        box[1][axis] = Math.max(box[1][axis], at[axis]);
      }
    }
    this.#app.map.fitBounds(box, { padding: [40, 40], maxZoom: CLOSEST, animate: false });
  }

  #remove() {
    const { lists, state } = this.#app;
    const kept = (selection) => (selection?.list === "dropped" ? null : selection);
    lists.dropped = null;
    state.set({ list: "file", dropped: null, selection: kept(state.get("selection")), pinned: kept(state.get("pinned")), filters: NO_FILTERS });
    document.getElementById("ps-drop-file").focus();
  }

  #saveRejected() {
    const { source, rejected } = this.#app.state.get("dropped");
    const { columns, rows } = rejectedTable(rejected, this.#schema.rejected, source);
    saveFile(`${stemOf(source)}.rejected.csv`, [csvText(columns, rows, this.#schema)], "text/csv");
  }
}
