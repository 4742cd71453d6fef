import { answer, answerSite } from "./core/answer.js";
import { makeDatums } from "./core/datum.js";
import { NO_FILTERS } from "./core/filter.js";
import { decodeGround } from "./core/ground.js";
import { locate } from "./core/locate.js";
import { makeRegister } from "./core/register.js";
import { decodeSites } from "./core/store.js";
import { State } from "./state.js";
import { mountAll } from "./ui/parts.js";


/**
 * The page: its data, its state, and what its parts share.
 *
 * Parts never call each other; they set keys of `state` and listen to those of others.
 */
export class App {
  constructor(data, map, layers, ground, store, rankingParts) {
    this.data = data;
    this.map = map;
    this.layers = layers;
    this.ground = ground;
    this.register = makeRegister(data);
    this.datums = makeDatums(data);
    this.lists = { file: store, dropped: null };
    this.rankingParts = rankingParts;
    this.ranking = rankingParts?.ranking ?? null;
    const { ranking } = this;
    this.views = [];
    this.state = new State({
      lang: data.lang,
      scheme: "auto",
      date: data.as_of,
      compareDate: null,
      theme: "roles",
      overlays: [...(data.basemap ? [] : ["around"]), "labels", "sites", "uncertain"],
      siteColour: ranking ? "rank" : "match",
      ask: { text: "", datum: "wgs84", field: "", stage: "" },
      selection: null,
      pinned: null,
      list: "file",
      dropped: null,
      filters: NO_FILTERS,
      shown: null,
      panel: ranking ? "ranking" : "ask",
      weights: null,
      standing: ranking ? ranking.standing() : null,
      tableOpen: false,
      tool: null,
    });
  }

  /** Outlines and sites of the page's data; can begin before there is a map. */
  static decode(data) {
    return Promise.all([decodeGround(data.ground), decodeSites(data.sites)]);
  }

  /** The page, with what src/ranking.js gives where it has a ranking. */
  static async open(data, map, layers, decoded, rankingParts) {
    const app = new App(data, map, layers, ...(await decoded), await rankingParts);
    mountAll(app);
    return app;
  }

  get lang() {
    return this.state.get("lang");
  }

  /** The word in the language of the page. */
  say(zh, en) {
    return this.lang === "zh" ? zh : en;
  }

  /** A word of the contract's `words`, such as `word("match", "silent")`. */
  word(kind, id) {
    const pair = this.data.words[kind]?.[id];
    return pair ? this.say(pair[0], pair[1]) : String(id);
  }

  /** The list of sites that is on show. */
  get store() {
    return this.lists[this.state.get("list")] ?? this.lists.file;
  }

  /** Place of a selected site in the ranking; null for what is not in it. */
  rankedSite(selection = this.state.get("selection")) {
    if (selection?.kind !== "site" || selection.list !== "file") return null;
    return this.ranking?.byRow.get(selection.row) ?? null;
  }

  /** Name of a district, or the word for outside. */
  placeName(id) {
    const place = this.data.places[id];
    return place ? this.say(place.zh, place.en) : this.say("市域外", "outside the city");
  }

  /** Tells a screen reader. */
  announce(text) {
    const live = document.getElementById("ps-live");
    live.textContent = "";
    live.textContent = text;
  }

  /** Record of a position given in a datum; see core/answer.js. */
  answer(request) {
    return answer(this.#tools, { date: this.state.get("date"), ...request });
  }

  /** Record of a geometry in WGS84. */
  answerGeometry({ geometry, ...request }) {
    return answer(this.#tools, { date: this.state.get("date"), ...request, geometry });
  }

  /** Record of a row of the list on show, on a day. */
  answerRow(row, date = this.state.get("date"), store = this.store) {
    return answerSite(this.#tools, store, row, date);
  }

  /** Record of what `selection` means: a point asked, or a row of a list; null for a district or nothing. */
  recordOf(selection, date = this.state.get("date")) {
    if (selection?.kind === "point") return this.answer({ ...selection, date });
    if (selection?.kind === "site") return this.answerRow(selection.row, date, this.lists[selection.list] ?? this.store);
    return null;
  }

  get #tools() {
    return { register: this.register, ground: this.ground, locate, datums: this.datums };
  }
}
