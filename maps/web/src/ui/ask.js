import { readPosition } from "../core/coordinate.js";
import { evenOut } from "../core/spelling.js";
import { combobox } from "./combobox.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import * as say from "./phrases.js";

const MOST_ASKED = 8;

/** The panel that asks for a place: position, datum, field, stage. */
export function mount(app) {
  new Ask(app);
}

class Ask {
  #app;
  #asked = [];
  #maps = new WeakSet();
  #fault = null;
  #faulty = "";
  #typing = false;
  #made = null;

  constructor(app) {
    this.#app = app;
    this.#build();
    const { state } = app;
    state.on(["selection"], () => this.#onSelection());
    state.on(["ask"], () => this.#show());
    state.on(["lang", "date", "selection"], () => this.#render());
    state.on(["compareDate"], () => queueMicrotask(() => this.#watchMaps()));
    this.#watchMaps();
    this.#show();
    this.#render();
  }

  get #ask() {
    return this.#app.state.get("ask");
  }

  #build() {
    const app = this.#app;
    this.position = h("input", {
      id: "ps-position", class: "ps-input ps-mono", type: "text", autocomplete: "off", spellcheck: "false", inputmode: "text",
      "aria-describedby": "ps-position-fault ps-position-shift",
      on: {
        input: () => this.#preview(),
        change: () => this.#take({ text: this.position.value }),
        keydown: (event) => {
          if (event.key !== "Enter" || event.isComposing) return;
          event.preventDefault();
          this.#submit();
        },
        paste: () => setTimeout(() => this.#preview()),
      },
    });
    this.datum = h("select", {
      id: "ps-datum", class: "ps-input", on: { change: () => this.#change({ datum: this.datum.value }) },
    });
    this.positionLabel = h("label", { for: "ps-position" });
    this.datumLabel = h("label", { for: "ps-datum", class: "ps-label-text" });
    this.shift = h("p", { class: "ps-note ps-shift", id: "ps-position-shift" });
    this.fault = h("div", { class: "ps-fault", id: "ps-position-fault", role: "alert" });
    this.field = combobox({
      app, id: "ps-field", free: true, label: { zh: "产业领域", en: "Field" },
      placeholder: { zh: "搜索，如 光刻胶、储能", en: "search, e.g. photoresist" },
      options: (query) => this.#terms(query),
      onPick: (id) => this.#change({ field: id }),
      onText: (text, done) => done && this.#change({ field: text }),
    });
    this.stage = h("select", { id: "ps-stage", class: "ps-input", on: { change: () => this.#change({ stage: this.stage.value }) } });
    this.stageLabel = h("label", { for: "ps-stage", class: "ps-label-text" });
    this.button = h("button", { type: "button", class: "ps-button is-main ps-ask-button", on: { click: () => this.#submit() } });
    this.day = h("div", { class: "ps-ask-day" });
    this.hint = h("p", { class: "ps-note" });
    this.recent = h("section", { class: "ps-recent", hidden: true });
    document.getElementById("ps-panel-ask").append(
      h("div", { class: "ps-ask" },
        h("div", { class: "ps-field" }, this.positionLabel, this.position),
        h("div", { class: "ps-ask-row" }, this.datumLabel, this.datum),
        this.fault, this.shift,
        this.field.element,
        h("div", { class: "ps-ask-row" }, this.stageLabel, this.stage),
        this.day, this.button, this.hint),
      this.recent,
    );
  }

  #watchMaps() {
    for (const map of [this.#app.map, ...this.#app.views.map((view) => view.map)]) {
      if (this.#maps.has(map)) continue;
      this.#maps.add(map);
      map.getContainer().addEventListener("keydown", (event) => this.#onMapKey(event, map));
    }
  }

  /** By keyboard the map's centre is asked about. */
  #onMapKey(event, map) {
    if (event.target !== map.getContainer() || (event.key !== "Enter" && event.key !== "?")) return;
    if (this.#app.state.get("tool")) return;
    event.preventDefault();
    this.#askAt(map.getCenter().wrap());
  }

  /** Asks at a place of the map; the box shows it in the datum that is chosen there. */
  #askAt({ lng, lat }) {
    const { datum } = this.#ask;
    const [x, y] = this.#app.datums.fromWgs84(lng, lat, datum);
    const digits = datum === "epsg:4547" ? 2 : 7;
    this.#point(Number(x.toFixed(digits)), Number(y.toFixed(digits)), say.position(x, y, datum));
  }

  #point(x, y, text) {
    const ask = { ...this.#ask, text };
    this.#say(null);
    this.#app.state.set({ ask, selection: { kind: "point", lon: x, lat: y, ...ask } });
  }

  /** Notes what is in the boxes without asking. */
  #take(change) {
    this.#app.state.set({ ask: { ...this.#ask, ...change } });
  }

  /**
   * A new choice asks at once when there is a place to ask about. Another datum means another place where the
   * position was typed; one that came from the map stays where it is and is written anew.
   */
  #change(change) {
    const selection = this.#app.state.get("selection");
    const next = { ...this.#ask, text: this.position.value, ...change };
    if (change.datum && selection && next.text && next.text === this.#made) {
      next.text = this.#textOf(this.#placeOf(selection), change.datum);
      this.#made = next.text;
      this.#app.state.set({ ask: next });
      return;
    }
    this.#app.state.set({ ask: next });
    if (next.text.trim()) this.#submit({ quiet: true });
    else this.#preview();
  }

  #submit({ quiet = false } = {}) {
    const text = this.position.value.trim();
    try {
      const { x, y } = readPosition(text, this.#ask.datum);
      this.#typing = true;
      this.#point(x, y, text);
    } catch (fault) {
      if (!("remedyZh" in fault)) throw fault;
      this.#faulty = text;
      if (this.#app.state.get("selection")?.kind === "point") this.#app.state.set({ selection: null });
      this.#say(fault);
      if (!quiet) this.position.focus();
    } finally {
      this.#typing = false;
    }
  }

  /** Shows what is wrong, why and what to do, beside the box. */
  #say(fault) {
    const app = this.#app;
    this.#fault = fault;
    this.position.setAttribute("aria-invalid", String(Boolean(fault)));
    fill(this.fault, fault ? [icon("warn"), h("div", null,
      h("b", null, app.say(fault.zh, fault.en)),
      fault.value ? h("span", { class: "ps-fault-value" }, app.say(`：“${fault.value}”`, `: “${fault.value}”`)) : null,
      h("div", null, app.say(fault.remedyZh, fault.remedyEn)))] : null);
    if (fault) fill(this.shift);
    else this.#preview();
  }

  /** What the text in the box means, said before anything is asked. */
  #preview() {
    const app = this.#app;
    const text = this.position.value.trim();
    const { datum } = this.#ask;
    if (this.#fault && text !== this.#faulty) {
      this.#fault = null;
      this.position.removeAttribute("aria-invalid");
      fill(this.fault);
    }
    if (!text || this.#fault) return void fill(this.shift);
    let read;
    try {
      read = readPosition(text, datum);
    } catch {
      return void fill(this.shift);
    }
    const { lon, lat, shift } = app.datums.toWgs84(read.x, read.y, datum);
    const said = [];
    if (read.swapped) {
      const metric = datum === "epsg:4547";
      said.push(h("span", { class: "ps-chip is-warn" }, metric ? app.say("已按北、东次序读取", "read as north, east") : app.say("已按纬度、经度次序读取", "read as latitude, longitude")));
    }
    if (datum !== "wgs84" && datum !== "cgcs2000") {
      const moved = datum === "epsg:4547" ? "" : app.say(`，移动 ${say.metres(shift)}`, `, moved ${say.metres(shift)}`);
      said.push(h("span", null, `${say.datumName(app, datum)} → WGS84${moved}`));
    }
    if (read.swapped || datum !== "wgs84" || !/^-?\d+(\.\d+)?\s*[,，]\s*-?\d+(\.\d+)?$/.test(text)) {
      said.push(h("span", { class: "ps-mono" }, say.position(lon, lat, "wgs84")));
    }
    fill(this.shift, said);
  }

  /** Terms as a tree by field, or those that the query fits. */
  #terms(query) {
    const all = this.#tree();
    const even = evenOut(query);
    if (!even) return all;
    const scored = all.flatMap((one) => {
      const names = [one.zh, one.en].map(evenOut);
      if (names.some((name) => name.startsWith(even))) return [{ ...one, score: 0 }];
      if (names.some((name) => name.includes(even))) return [{ ...one, score: 1 }];
      const alias = one.aliases.find((each) => evenOut(each).includes(even));
      return alias ? [{ ...one, score: evenOut(alias) === even ? 0 : 2, hint: { zh: `又作 ${alias}`, en: `also ${alias}` } }] : [];
    });
    const best = new Map();
    for (const one of scored.sort((a, b) => a.score - b.score)) if (!best.has(one.value)) best.set(one.value, one);
    return [...best.values()].map(({ value, zh, en, hint, above }) => ({ value, zh, en, hint: hint ?? above }));
  }

  #tree() {
    if (this.tree) return this.tree;
    const { terms } = this.#app.data;
    const names = new Map(terms.map((one) => [one.id, one]));
    const rows = [];
    const walk = (one, depth, top) => {
      const parent = names.get(one.parents.find((id) => id !== top.id)) ?? top;
      rows.push({
        value: one.id, zh: one.zh, en: one.en, aliases: one.aliases, depth,
        strong: depth === 0,
        above: one === top ? null : { zh: `属${parent.zh}`, en: `under ${parent.en}` },
        hint: null,
      });
      for (const child of terms) if (child.parents.includes(one.id)) walk(child, depth + 1, top);
    };
    for (const one of terms) if (!one.parents.length) walk(one, 0, one);
    this.tree = rows;
    return rows;
  }

  /** A place that another part chose, or a link restored, shows in the boxes, in the datum that is chosen there. */
  #onSelection() {
    const selection = this.#app.state.get("selection");
    const place = this.#placeOf(selection);
    if (!place) return;
    const now = this.#ask;
    const { field = now.field, stage = now.stage } = selection;
    const text = this.#textOf(place, now.datum);
    this.#made = this.#typing ? null : text;
    if (text !== now.text || field !== now.field || stage !== now.stage) this.#app.state.set({ ask: { ...now, text, field, stage } });
    if (selection.kind === "point") this.#remember(selection);
  }

  /** Position of a point or of a site that is one, with its datum. */
  #placeOf(selection) {
    if (selection?.kind === "point") return selection;
    const store = selection?.kind === "site" ? this.#app.lists[selection.list] : null;
    return store && !store.geometry(selection.row) ? { lon: store.lon[selection.row], lat: store.lat[selection.row] } : null;
  }

  #textOf({ lon, lat, datum = "wgs84", text }, wanted) {
    if (datum === wanted) return text || say.position(lon, lat, datum);
    const at = this.#app.datums.toWgs84(lon, lat, datum);
    return say.position(...this.#app.datums.fromWgs84(at.lon, at.lat, wanted), wanted);
  }

  #remember(selection) {
    const key = (one) => [one.lon, one.lat, one.datum, one.field, one.stage].join("|");
    this.#asked = [selection, ...this.#asked.filter((one) => key(one) !== key(selection))].slice(0, MOST_ASKED);
  }

  #show() {
    const { text, datum, field, stage } = this.#ask;
    if (this.position.value !== text) this.position.value = text;
    this.datum.value = datum;
    this.field.set(field);
    this.stage.value = this.#app.data.stage_spellings[evenOut(stage)] ?? stage;
    this.#preview();
  }

  #render() {
    const app = this.#app;
    this.positionLabel.textContent = app.say("坐标（输入、粘贴，或在地图上点选）", "Position (type, paste, or click the map)");
    this.position.placeholder = this.#ask.datum === "epsg:4547" ? "484587.5, 2510821.3" : "113.85, 22.70";
    this.datumLabel.textContent = app.say("坐标系", "Datum");
    const names = {
      wgs84: "WGS84", cgcs2000: "CGCS2000", gcj02: app.say("GCJ-02 高德/腾讯", "GCJ-02 AMap/Tencent"),
      bd09: app.say("BD-09 百度", "BD-09 Baidu"), "epsg:4547": app.say("EPSG:4547 米", "EPSG:4547 metres"),
    };
    fill(this.datum, app.datums.DATUMS.map(({ id, zh, en }) => h("option", { value: id, title: app.say(zh, en) }, names[id] ?? app.say(zh, en))));
    this.stageLabel.textContent = app.say("环节", "Stage");
    fill(this.stage, h("option", { value: "" }, app.say("不问环节", "not asked")), app.data.stages.map((one) => h("option", { value: one.id }, app.say(one.zh, one.en))));
    fill(this.button, icon("search"), app.say("核对此处", "Check this place"));
    fill(this.hint, app.say("键盘：聚焦地图后用方向键移动，按 Enter 核对十字处。", "Keyboard: focus the map, move it with the arrow keys, Enter checks the cross."));
    fill(this.day, h("span", { class: "ps-label-text" }, app.say("基准日", "As of")), " ", h("b", null, app.state.get("date")), " ",
      h("button", { type: "button", class: "ps-link", on: { click: () => this.#toSlider() } }, app.say("改日期", "change")));
    this.field.render();
    this.#show();
    if (this.#fault) this.#say(this.#fault);
    this.#renderRecent();
  }

  #toSlider() {
    const host = document.getElementById("ps-time");
    const slider = host.querySelector("input[type=range], [role=slider]") ?? host.querySelector("input, button, select");
    host.scrollIntoView({ block: "nearest" });
    slider?.focus();
  }

  #renderRecent() {
    const app = this.#app;
    this.recent.hidden = this.#asked.length === 0;
    if (!this.#asked.length) return;
    const now = app.state.get("selection");
    fill(this.recent, h("h2", null, app.say("本次已核对", "Checked so far")), h("ol", null, this.#asked.map((one) => {
      const record = app.recordOf(one);
      const what = [app.placeName(record.district), record.term ? say.termName(app, record.term) : one.field, record.stage ? app.word("stage", record.stage) : null];
      return h("li", null, h("button", {
        type: "button", "aria-current": one === now ? "true" : null, on: { click: () => this.#again(one) },
      }, h("span", { class: "ps-recent-what" }, what.filter(Boolean).join(" · ")),
      h("span", { class: "ps-recent-verdict" }, say.shortVerdict(app, record)),
      h("span", { class: "ps-note ps-mono" }, say.position(one.lon, one.lat, one.datum), one.datum === "wgs84" ? "" : ` ${say.datumName(app, one.datum)}`)));
    })));
  }

  #again(selection) {
    const { text, datum, field, stage } = selection;
    this.#app.state.set({ ask: { text, datum, field, stage }, selection });
  }
}
