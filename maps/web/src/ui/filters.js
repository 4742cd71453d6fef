import { NO_FILTERS, FORCES, MATCHES, NONE, OUTSIDE, UNKNOWN, filter, verdictColumns } from "../core/filter.js";
import { prepareTexts } from "../core/search.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { later } from "./later.js";
import { number } from "./phrases.js";
import { symbol } from "./symbols.js";

const TYPING_MS = 150;
const TELL_MS = 600;
const FACETS = [
  { id: "match", zh: "符合性", en: "Fit", open: true },
  { id: "force", zh: "依据效力", en: "Force of the basis", open: true },
  { id: "district", zh: "区", en: "District", open: false },
  { id: "field", zh: "产业领域", en: "Field", open: false },
  { id: "stage", zh: "环节", en: "Stage", open: false },
];

/**
 * Filters of the sites. Keeps `shown` in step with filters, day and list:
 * `{store, columns, mask, shown, counts}`, see core/filter.js.
 */
export function mount(app) {
  new Filters(app, document.getElementById("ps-filters"));
}

class Filters {
  #app;
  #facets;
  #text;
  #count;
  #clear;

  constructor(app, host) {
    this.#app = app;
    this.#facets = FACETS.map((one) => ({ ...one, ...facetBox(one), rows: new Map() }));
    this.#text = h("input", { id: "ps-filter-text", type: "search", class: "ps-input", autocomplete: "off", on: { input: () => this.#onText(), focus: () => prepareTexts(app.store) } });
    this.label = h("label", { for: "ps-filter-text" });
    this.#count = h("p", { class: "ps-filter-count" });
    this.#clear = h("button", { type: "button", class: "ps-button", on: { click: () => app.state.set({ filters: NO_FILTERS }) } });
    this.heading = h("h3");
    host.append(
      h("div", { class: "ps-filter-head" }, this.heading, this.#clear),
      this.#count,
      h("div", { class: "ps-field" }, this.label, this.#text),
      ...this.#facets.map((one) => one.element),
    );
    app.state.on(["filters", "date", "list", "dropped"], () => this.#compute());
    this.#compute();
    later(() => {
      app.state.on(["shown", "lang"], () => this.#render());
      this.#render();
    });
  }

  #compute() {
    const { register, store, state } = this.#app;
    const columns = verdictColumns(register, store, state.get("date"));
    const before = state.get("shown");
    const found = filter(store, columns, state.get("filters"));
    state.set({ shown: Object.assign(found, { store, columns }) });
    if (before && (before.shown !== found.shown || before.store !== store)) this.#tell();
  }

  #tell() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.#app.announce(this.#count.textContent), TELL_MS);
  }

  #onText() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.#set({ text: this.#text.value }), TYPING_MS);
  }

  #set(change) {
    this.#app.state.set({ filters: { ...this.#app.state.get("filters"), ...change } });
  }

  #toggle(facet, id, on) {
    const chosen = this.#app.state.get("filters")[facet].filter((one) => one !== id);
    this.#set({ [facet]: on ? [...chosen, id] : chosen });
  }

  #render() {
    const { state } = this.#app;
    const say = (zh, en) => this.#app.say(zh, en);
    const filters = state.get("filters");
    const { shown, store, counts } = state.get("shown");
    fill(this.heading, say("筛选选址", "Filter the sites"));
    fill(this.label, say("编号、名称或领域包含", "Id, name or field holds"));
    fill(this.#count, say(`显示 ${number(shown)} 处，共 ${number(store.count)} 处`, `${number(shown)} of ${number(store.count)} sites shown`));
    fill(this.#clear, icon("close"), say("清除筛选", "Clear"));
    this.#clear.disabled = !filters.text && FACETS.every(({ id }) => !filters[id].length);
    if (document.activeElement !== this.#text || this.#text.value.trim() === "" || !filters.text) this.#text.value = filters.text;
    for (const facet of this.#facets) this.#renderFacet(facet, filters[facet.id], counts[facet.id]);
  }

  #renderFacet(facet, chosen, counts) {
    const options = this.#options(facet.id, chosen, counts);
    fill(facet.title, this.#app.say(facet.zh, facet.en));
    fill(facet.badge, chosen.length ? String(chosen.length) : "");
    facet.badge.hidden = !chosen.length;
    facet.list.setAttribute("aria-label", this.#app.say(facet.zh, facet.en));
    const ids = new Set(options.map((one) => one.id));
    for (const [id, row] of facet.rows) {
      if (ids.has(id)) continue;
      row.element.remove();
      facet.rows.delete(id);
    }
    options.forEach((option, at) => {
      if (!facet.rows.has(option.id)) facet.rows.set(option.id, this.#option(facet.id, option));
      const { element, box, name, tally } = facet.rows.get(option.id);
      const count = counts[option.id] ?? 0;
      box.checked = chosen.includes(option.id);
      fill(name, option.name);
      fill(tally, number(count));
      element.classList.toggle("is-none", count === 0 && !box.checked);
      if (facet.list.children[at] !== element) facet.list.insertBefore(element, facet.list.children[at] ?? null);
    });
  }

  #option(facet, { id, mark }) {
    const box = h("input", { type: "checkbox", value: id, on: { change: () => this.#toggle(facet, id, box.checked) } });
    const name = h("span", { class: "ps-facet-name" });
    const tally = h("span", { class: "ps-facet-count" });
    const element = h("li", null, h("label", { class: "ps-facet-option" }, box, mark, name, tally));
    return { element, box, name, tally };
  }

  /** The choices of a facet that occur, and those chosen. */
  #options(facet, chosen, counts) {
    const { data, register } = this.#app;
    const occurs = (id) => Object.hasOwn(counts, id) || chosen.includes(id);
    const word = (kind, id) => this.#app.word(kind, id);
    const none = { id: NONE, name: this.#app.say("未填写", "not given") };
    const unknown = { id: UNKNOWN, name: this.#app.say("无法识别", "not recognised") };
    if (facet === "match" || facet === "force") {
      const ids = facet === "match" ? MATCHES : FORCES;
      return ids.filter((id) => counts[id] || chosen.includes(id) || !["outside", "not_asked", "unrecognised"].includes(id)).map((id) => {
        const look = data.classes[facet].find((one) => one.id === id);
        return { id, name: word(facet, id), mark: look && symbol(look.symbol, look.colour, 16) };
      });
    }
    if (facet === "district") {
      return [...register.districts, OUTSIDE].filter(occurs).map((id) => ({ id, name: this.#app.placeName(id) }));
    }
    if (facet === "stage") {
      return [...data.stages.map(({ id }) => ({ id, name: word("stage", id) })), none, unknown].filter(({ id }) => occurs(id));
    }
    const terms = data.terms.filter((one) => !one.parents.length || chosen.includes(one.id));
    return [...terms.map((one) => ({ id: one.id, name: this.#app.say(one.zh, one.en) })), none, unknown].filter(({ id }) => occurs(id));
  }
}

function facetBox({ id, open }) {
  const title = h("span");
  const badge = h("span", { class: "ps-chip", hidden: true });
  const list = h("ul", { class: "ps-facet-list" });
  const element = h("details", { class: "ps-facet", id: `ps-facet-${id}`, open }, h("summary", null, title, " ", badge), list);
  return { element, title, badge, list };
}
