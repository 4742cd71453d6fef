import { entriesOf, find, prepareTexts } from "../core/search.js";
import { combobox } from "./combobox.js";
import { icon } from "./icons.js";

const SITE_ZOOM = 13;
const GROUPS = {
  site: { zh: "选址", en: "Sites" },
  district: { zh: "区", en: "Districts" },
  place: { zh: "园区与科学城", en: "Parks and science cities" },
  field: { zh: "产业领域", en: "Fields" },
  role: { zh: "角色", en: "Roles" },
  document: { zh: "文件", en: "Documents" },
  clause: { zh: "条款", en: "Clauses" },
};
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");

/** The search box of the page: sites, districts, places, fields, roles, documents, clauses. */
export function mount(app) {
  const finder = new Finder(app);
  const box = combobox({
    app, id: "ps-find-box", host: document.getElementById("ps-find"), keep: false, labelHidden: true, before: icon("search"),
    label: { zh: "查找选址、区、园区、领域、角色、文件或条款", en: "Find a site, district, park, field, role, document or clause" },
    placeholder: { zh: "查找：编号、名称、区、领域、角色、条款", en: "Find: id, name, district, field, role, clause" },
    options: (query) => finder.options(query),
    onPick: (one) => finder.pick(one),
  });
  box.input.addEventListener("focus", () => prepareTexts(app.store));
  app.state.on(["lang"], () => box.render());
}

class Finder {
  #app;
  #entries = null;

  constructor(app) {
    this.#app = app;
  }

  options(query) {
    this.#entries ??= entriesOf(this.#app.data);
    return find(query, this.#entries, this.#app.store).flatMap(({ kind, items, more }) => {
      const { zh, en } = GROUPS[kind];
      const group = more ? { zh: `${zh}（前 ${items.length} 项）`, en: `${en} (first ${items.length})` } : { zh, en };
      return items.map((one) => ({ value: one, group, ...this.#words(one) }));
    });
  }

  #words(one) {
    if (one.kind !== "site") return { zh: one.zh, en: one.en, hint: { zh: one.hintZh, en: one.hintEn } };
    const { store } = this.#app;
    const [id, name] = [store.id(one.row), store.name(one.row)];
    const text = name ? `${id} ${name}` : id;
    return { zh: text, en: text, hint: this.#app.placeName(store.district(one.row)) };
  }

  pick(one) {
    const does = {
      site: () => this.#site(one.row),
      district: () => this.#place(one.id),
      place: () => this.#place(one.id),
      role: () => this.#role(one.id),
      field: () => this.#field(one.id),
      document: () => this.#document(one.id),
      clause: () => this.#clause(one),
    };
    does[one.kind]();
  }

  /** Selects a site, close enough to tell it from its neighbours; filters that hide it are cleared. */
  #site(row) {
    const { state, store, map } = this.#app;
    const shown = state.get("shown");
    if (!shown.mask[row]) {
      state.set({ filters: Object.freeze({ match: [], force: [], district: [], field: [], stage: [], text: "" }) });
      this.#app.announce(this.#app.say("已清除筛选", "The filters were cleared"));
    }
    map.setView([store.lat[row], store.lon[row]], Math.max(map.getZoom(), SITE_ZOOM), { animate: !STILL.matches });
    state.set({ selection: { kind: "site", list: state.get("list"), row } });
  }

  /** Selects a district, or the one that a park lies in. */
  #place(id) {
    const { state, data, ground, map } = this.#app;
    const place = data.places[id];
    const district = Object.hasOwn(data.about, id) ? id : place.within;
    if (id !== district && !state.get("overlays").includes("places")) state.set({ overlays: [...state.get("overlays"), "places"] });
    if (!district) {
      this.#app.announce(this.#app.say(place.note_zh ?? `${place.zh}没有边界`, place.note_en ?? `${place.en} has no outline`));
      return;
    }
    const found = ground.districts.find((one) => one.id === district);
    if (found) map.fitBounds(boundsOf(found.area), { padding: [40, 40], animate: !STILL.matches });
    state.set({ selection: { kind: "district", id: district } });
  }

  #role(id) {
    const { register, state, data } = this.#app;
    const { instrument, place } = register.designation(id);
    if (Object.hasOwn(data.theme_names, instrument)) state.set({ theme: instrument });
    this.#place(place);
  }

  /** Asks about a field from now on, and shows the sites of it. */
  #field(id) {
    const { state } = this.#app;
    state.set({ ask: { ...state.get("ask"), field: id }, filters: { ...state.get("filters"), field: [id] } });
    const { zh, en } = this.#app.register.term(id);
    const { shown } = state.get("shown");
    this.#app.announce(this.#app.say(`按${zh}核对并筛选，${shown} 处选址`, `Asking and filtering by ${en}: ${shown} sites`));
  }

  #document(id) {
    const { state, data, register } = this.#app;
    if (Object.hasOwn(data.theme_names, id)) state.set({ theme: id, panel: "layers" });
    const { title_zh: zh, title_en: en } = register.instrument(id);
    this.#app.announce(this.#app.say(`图上显示${zh}`, `The map shows ${en}`));
  }

  /** The place that a clause speaks of; of a clause on money only, its field. */
  #clause({ designations, measures }) {
    const { register, data } = this.#app;
    const located = designations.find((id) => {
      const { place } = register.designation(id);
      return Object.hasOwn(data.about, place) || data.places[place].within;
    });
    if (located) return this.#role(located);
    const [field] = measures.flatMap((id) => register.measure(id).fields);
    if (field) this.#field(field);
    else this.#document((register.designation(designations[0]) ?? register.measure(measures[0])).instrument);
  }
}

/** South-west and north-east of an area. */
function boundsOf(area) {
  const [low, high] = [[Infinity, Infinity], [-Infinity, -Infinity]];
  for (const [outline] of area) {
    for (let at = 0; at < outline.length; at += 2) {
      low[0] = Math.min(low[0], outline[at + 1]);
      low[1] = Math.min(low[1], outline[at]);
      high[0] = Math.max(high[0], outline[at + 1]);
      high[1] = Math.max(high[1], outline[at]);
    }
  }
  return [low, high];
}
