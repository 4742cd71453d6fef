import { FORCES, MATCHES } from "../core/filter.js";
import { COLUMNS, orderByNumber, orderByRank, orderByText, picked, rankWords } from "../core/order.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { symbol } from "./symbols.js";

const SPARE = 6; // rows made beyond each edge of what is seen
const TALLEST = 6_000_000; // pixels that every browser scrolls
const LOWEST = 150;
const STEP = 24;
const PHONE = window.matchMedia("(max-width: 760px)");

/** Table of the sites on show, below the map. Only the rows in sight are made. */
export function mount(app) {
  new Table(app, document.getElementById("ps-table"));
}

class Table {
  #app;
  #host;
  #orders = new WeakMap();
  #rows = new Uint32Array(0);
  #place = new Map();
  #sort = { column: null, down: false };
  #active = -1;
  #picking = false;
  #drawn = [];

  constructor(app, host) {
    this.#app = app;
    this.#host = host;
    this.#build();
    app.addTool({
      id: "table", icon: "table", zh: "选址表", en: "Table of sites", keys: ["tableOpen"],
      onClick: () => app.state.set({ tableOpen: !app.state.get("tableOpen") }), pressed: () => app.state.get("tableOpen"),
    });
    app.state.on(["tableOpen"], () => this.#open());
    app.state.on(["shown"], () => this.#fresh());
    app.state.on(["lang"], () => this.#words());
    app.state.on(["selection"], () => this.#follow());
    this.#open();
  }

  #build() {
    this.title = h("h2", { id: "ps-table-title" });
    this.count = h("span", { class: "ps-note" });
    this.closer = h("button", { type: "button", class: "ps-button is-icon", on: { click: () => this.#close() } }, icon("close"));
    this.grip = h("div", { class: "ps-table-grip", role: "separator", tabindex: "0", "aria-orientation": "horizontal", "aria-controls": "ps-table" });
    this.heads = COLUMNS.map(({ id, number }, at) => {
      const button = h("button", { type: "button", class: "ps-table-sort", on: { click: () => this.#sortBy(id) } });
      return { id, button, cell: h("div", { role: "columnheader", class: `ps-cell is-${id}${number ? " is-number" : ""}`, "aria-colindex": at + 1 }, button) };
    });
    this.head = h("div", { class: "ps-row ps-table-head", role: "row", "aria-rowindex": 1 }, this.heads.map((one) => one.cell));
    this.body = h("div", { class: "ps-table-body", role: "rowgroup" });
    this.none = h("p", { class: "ps-table-none ps-note", hidden: true });
    this.grid = h("div", {
      class: "ps-grid", role: "grid", tabindex: "0", id: "ps-grid", "aria-labelledby": "ps-table-title", "aria-colcount": COLUMNS.length,
      on: { keydown: (event) => this.#onKey(event), scroll: () => this.#onScroll(), focus: () => this.#onFocus() },
    }, h("div", { role: "rowgroup", class: "ps-table-top" }, this.head), this.body);
    fill(this.#host, this.grip, h("div", { class: "ps-table-bar" }, this.title, this.count, this.closer), this.grid, this.none);
    this.#host.setAttribute("aria-labelledby", "ps-table-title");
    this.grid.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
    this.#resizable();
    new ResizeObserver(() => this.#draw()).observe(this.grid);
  }

  #open() {
    const { map, state } = this.#app;
    const open = state.get("tableOpen");
    if (this.#host.hidden === !open) return;
    const middle = map.getCenter();
    this.#host.hidden = !open;
    map.invalidateSize({ animate: false });
    map.setView(middle, map.getZoom(), { animate: false });
    if (!open) return;
    this.#words();
    this.#fresh();
    this.#follow();
  }

  #close() {
    this.#app.state.set({ tableOpen: false });
    document.getElementById("ps-tool-table")?.focus();
  }

  get #height() {
    return PHONE.matches ? 44 : 32;
  }

  #words() {
    if (this.#host.hidden) return;
    const say = (zh, en) => this.#app.say(zh, en);
    fill(this.title, say("选址表", "Table of sites"));
    for (const [button, name] of [[this.closer, say("关闭选址表", "Close the table")], [this.grip, say("选址表高度", "Height of the table")]]) {
      button.setAttribute("aria-label", name);
      button.title = name;
    }
    fill(this.none, say("没有符合筛选条件的选址。", "No site passes the filters."));
    this.heads.forEach(({ id, cell, button }, at) => {
      const sorted = this.#sort.column === id;
      const down = sorted && this.#sort.down;
      if (sorted) cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
      fill(button, say(COLUMNS[at].zh, COLUMNS[at].en), h("span", { class: "ps-table-arrow", "aria-hidden": "true" }, sorted ? (down ? "▼" : "▲") : ""));
    });
    this.#fresh();
  }

  /** Rows anew, after a filter, a sort or another list. */
  #fresh() {
    const shown = this.#app.state.get("shown");
    if (this.#host.hidden || !shown) return;
    this.#rows = picked(this.#order(shown), shown.mask, shown.shown, this.#sort.down);
    this.#place = null;
    this.grid.setAttribute("aria-rowcount", this.#rows.length + 1);
    fill(this.count, this.#app.say(`${shown.shown.toLocaleString("en")} 处`, `${shown.shown.toLocaleString("en")} sites`));
    this.none.hidden = this.#rows.length > 0;
    this.body.style.height = `${this.#full}px`;
    this.#active = this.#placeOf(this.#chosen());
    this.#draw();
  }

  get #full() {
    return Math.min(TALLEST, this.#rows.length * this.#height);
  }

  /** Rows of the list by the column that it is sorted by. */
  #order({ store, columns }) {
    const { column } = this.#sort;
    const { lang } = this.#app;
    const key = column === "match" || column === "force" ? columns[column] : `${column} ${lang}`;
    if (!this.#orders.has(store)) this.#orders.set(store, new Map());
    const known = this.#orders.get(store);
    if (!known.has(key)) known.set(key, this.#sorted(store, columns, column));
    return known.get(key);
  }

  #sorted(store, columns, column) {
    const all = () => Uint32Array.from({ length: store.count }, (_, row) => row);
    if (column === null) return all();
    if (column === "distance") return orderByNumber(store.distances);
    if (column === "id" || column === "name") return orderByText(column === "id" ? store.ids : store.names, this.#app.lang);
    const given = { district: store.districtAt, field: store.fieldAt, stage: store.stageAt, certainty: store.certaintyAt }[column] ?? columns[column];
    const count = { district: store.districts, field: store.fields, stage: store.stages, certainty: store.certainties, match: MATCHES, force: FORCES }[column];
    const steady = column === "match" || column === "force";
    const { rankOf, ranks } = steady ? { rankOf: count.map((_, at) => at), ranks: count.length } : rankWords(count.map((_, at) => this.#word(store, column, at)), this.#app.lang);
    return orderByRank(given, rankOf, ranks);
  }

  /** Word of a column for a place among its values. */
  #word(store, column, at) {
    const app = this.#app;
    if (column === "district") return app.placeName(store.districts[at]);
    if (column === "certainty") return app.word("certainty", store.certainties[at]);
    if (column === "match") return app.word("match", MATCHES[at]);
    if (column === "force") return app.word("force", FORCES[at]);
    const given = (column === "field" ? store.fields : store.stages)[at];
    if (given === null) return "";
    const known = this.#app.state.get("shown").columns.words[column === "field" ? "terms" : "stages"][at];
    if (known === null) return given;
    return column === "stage" ? app.word("stage", known) : app.say(given, app.register.term(known).en);
  }

  #sortBy(column) {
    const same = this.#sort.column === column;
    if (same && this.#sort.down) this.#sort = { column: null, down: false };
    else this.#sort = { column, down: same };
    this.grid.scrollTop = 0;
    this.#words();
    const name = COLUMNS.find((one) => one.id === column);
    this.#app.announce(this.#sort.column
      ? this.#app.say(`按${name.zh}${this.#sort.down ? "降序" : "升序"}排列`, `Sorted by ${name.en}, ${this.#sort.down ? "descending" : "ascending"}`)
      : this.#app.say("按文件顺序排列", "In the order of the file"));
  }

  #chosen() {
    const { state } = this.#app;
    const chosen = state.get("selection");
    return chosen?.kind === "site" && chosen.list === state.get("list") ? chosen.row : null;
  }

  /** Where a row stands in the table, -1 if it does not. */
  #placeOf(row) {
    if (row === null) return -1;
    if (!this.#place) {
      this.#place = new Int32Array(this.#app.store.count).fill(-1);
      this.#rows.forEach((one, at) => {
        this.#place[one] = at;
      });
    }
    return this.#place[row] ?? -1;
  }

  /** After a selection anywhere: marks its row and brings it into sight. */
  #follow() {
    if (this.#host.hidden) return;
    const at = this.#placeOf(this.#chosen());
    this.#active = at;
    if (at >= 0 && !this.#picking) this.#reveal(at);
    this.#draw();
  }

  #pick(at) {
    const { state } = this.#app;
    if (at < 0 || at >= this.#rows.length) return;
    this.#picking = true;
    this.#reveal(at);
    state.set({ selection: { kind: "site", list: state.get("list"), row: this.#rows[at] } });
    this.#picking = false;
  }

  /** Row at the top edge of the view; in a list too long to scroll, pixels stand for more than they are. */
  get #first() {
    const room = this.#full - this.#room;
    if (room <= 0) return 0;
    return (Math.min(this.grid.scrollTop, room) / room) * (this.#rows.length - this.#room / this.#height);
  }

  get #room() {
    return Math.max(this.#height, this.grid.clientHeight - this.head.offsetHeight);
  }

  #scrollTo(first) {
    const most = this.#rows.length - this.#room / this.#height;
    if (most <= 0) return;
    this.grid.scrollTop = (Math.min(Math.max(first, 0), most) / most) * (this.#full - this.#room);
  }

  #reveal(at) {
    const seen = this.#room / this.#height;
    const first = this.#first;
    if (at < first) this.#scrollTo(at);
    else if (at + 1 > first + seen) this.#scrollTo(at + 1 - seen);
  }

  #onScroll() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.#draw());
  }

  /** In a list too long to scroll one turn of the wheel would leap over many rows. */
  #onWheel(event) {
    if (this.#rows.length * this.#height <= TALLEST || event.ctrlKey) return;
    event.preventDefault();
    const rows = event.deltaMode === 1 ? event.deltaY : event.deltaY / this.#height;
    this.#scrollTo(this.#first + rows);
  }

  #onFocus() {
    if (this.#active >= 0 || !this.#rows.length) return;
    this.#active = Math.ceil(this.#first);
    this.#draw();
  }

  #onKey(event) {
    if (event.target !== this.grid) return;
    const page = Math.max(1, Math.floor(this.#room / this.#height) - 1);
    const last = this.#rows.length - 1;
    const now = this.#active;
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, PageDown: now + page, PageUp: now - page, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.#active = Math.min(last, Math.max(0, to));
      this.#reveal(this.#active);
      this.#draw();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#pick(this.#active);
    }
  }

  /** Makes the rows in sight, using again the elements that there are. */
  #draw() {
    const shown = this.#app.state.get("shown");
    if (this.#host.hidden || !shown) return;
    const height = this.#height;
    const first = this.#first;
    const from = Math.max(0, Math.floor(first) - SPARE);
    const to = Math.min(this.#rows.length, Math.ceil(first + this.#room / height) + SPARE);
    while (this.#drawn.length < to - from) this.#drawn.push(this.#line());
    const top = this.grid.scrollTop - first * height;
    const chosen = this.#chosen();
    this.#drawn.forEach((line, number) => {
      const at = from + number;
      line.element.hidden = at >= to;
      if (at < to) this.#write(line, at, top + at * height, shown, chosen);
    });
    const active = this.#active >= from && this.#active < to ? `ps-table-row-${this.#active}` : null;
    if (active) this.grid.setAttribute("aria-activedescendant", active);
    else this.grid.removeAttribute("aria-activedescendant");
  }

  #line() {
    const cells = COLUMNS.map(({ id, number }, at) => h("div", { role: "gridcell", class: `ps-cell is-${id}${number ? " is-number" : ""}`, "aria-colindex": at + 1 }));
    const line = { cells, at: -1 };
    line.element = h("div", { class: "ps-row", role: "row", on: { click: () => this.#pick(line.at) } }, cells);
    this.body.append(line.element);
    return line;
  }

  #write(line, at, top, { store, columns }, chosen) {
    const { element, cells } = line;
    const row = this.#rows[at];
    line.at = at;
    element.id = `ps-table-row-${at}`;
    element.style.transform = `translateY(${top}px)`;
    element.setAttribute("aria-rowindex", at + 2);
    element.setAttribute("aria-selected", String(row === chosen));
    element.classList.toggle("is-active", at === this.#active);
    element.classList.toggle("is-odd", at % 2 === 1);
    const distance = store.distance(row);
    const texts = {
      id: store.id(row),
      name: store.name(row),
      district: this.#word(store, "district", store.districtAt[row]),
      field: this.#word(store, "field", store.fieldAt[row]),
      stage: this.#word(store, "stage", store.stageAt[row]),
      match: this.#word(store, "match", columns.match[row]),
      force: this.#word(store, "force", columns.force[row]),
      certainty: this.#word(store, "certainty", store.certaintyAt[row]),
      distance: distance === null ? "—" : Math.round(distance).toLocaleString("en"),
    };
    COLUMNS.forEach(({ id }, number) => {
      const cell = cells[number];
      const mark = id === "match" ? MATCHES[columns.match[row]] : id === "force" ? FORCES[columns.force[row]] : null;
      if (cell.dataset.shown === texts[id] && cell.dataset.mark === (mark ?? "")) return;
      fill(cell, mark && this.#mark(id, mark), texts[id] || "—");
      cell.title = texts[id];
      cell.dataset.shown = texts[id];
      cell.dataset.mark = mark ?? "";
    });
  }

  #mark(kind, id) {
    const look = this.#app.data.classes[kind].find((one) => one.id === id);
    return look ? symbol(look.symbol, look.colour, 14) : null;
  }

  /** The upper edge can be drawn, or moved by the arrow keys. */
  #resizable() {
    const set = (height) => {
      const most = Math.max(LOWEST, window.innerHeight * 0.7);
      const value = Math.round(Math.min(most, Math.max(LOWEST, height)));
      this.#host.style.height = `${value}px`;
      this.grip.setAttribute("aria-valuenow", value);
      this.grip.setAttribute("aria-valuemin", LOWEST);
      this.grip.setAttribute("aria-valuemax", Math.round(most));
    };
    set(window.innerHeight * (PHONE.matches ? 0.42 : 0.32));
    this.grip.addEventListener("pointerdown", (event) => {
      this.grip.setPointerCapture(event.pointerId);
      const [start, height] = [event.clientY, this.#host.offsetHeight];
      const move = (next) => set(height + start - next.clientY);
      this.grip.addEventListener("pointermove", move);
      this.grip.addEventListener("lostpointercapture", () => this.grip.removeEventListener("pointermove", move), { once: true });
    });
    this.grip.addEventListener("keydown", (event) => {
      const step = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
      if (!step) return;
      event.preventDefault();
      set(this.#host.offsetHeight + step);
    });
  }
}
