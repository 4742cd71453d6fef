import { evenOut } from "./spelling.js";

/** Keeps lines apart while many are evened out at once; it is dropped from texts as a mark that is no letter. */
const BETWEEN = "\n";
const BLOCK = 1024;
const [TURN_MS, PAUSE_MS] = [10, 15];
const [DROP, KEEP, HARD] = [0, 1, 2];
const KIND_OF = kindsOfMarks();
const TEXTS = new WeakMap();

/**
 * Evened-out texts in one long string, so that a search is one native scan.
 */
export class Lines {
  #texts;
  #blocks = [BETWEEN];
  #next = 0;
  #text = null;
  #starts = null;

  /** @param {string[]} texts evened out when first searched, or before that by `prepare` */
  constructor(texts) {
    this.#texts = texts;
  }

  /**
   * Evens out more of the texts, until a time of `performance.now()`.
   *
   * @param {number} [until]
   * @returns {boolean} whether all are done
   */
  prepare(until = Infinity) {
    while (this.#next < this.#texts.length) {
      if (performance.now() > until) return false;
      this.#blocks.push(evenedBlock(this.#texts.slice(this.#next, this.#next + BLOCK)));
      this.#next += BLOCK;
    }
    return true;
  }

  #finish() {
    if (this.#starts) return;
    this.prepare();
    const count = this.#texts.length;
    this.#text = this.#blocks.join("");
    this.#starts = new Uint32Array(count + 1);
    for (let line = 1; line <= count; line += 1) this.#starts[line] = this.#text.indexOf(BETWEEN, this.#starts[line - 1] + 1);
    this.#blocks = null;
    this.#texts = { length: count };
  }

  /**
   * Calls `found` with each line that holds `wanted`, in order, until it returns false.
   *
   * @param {string} wanted evened out, not empty
   * @param {(line: number) => boolean|void} found
   * @param {boolean} [atStart] only lines that begin with it
   */
  each(wanted, found, atStart = false) {
    this.#finish();
    const text = this.#text;
    const starts = this.#starts;
    const last = starts.length - 1;
    const pattern = atStart ? BETWEEN + wanted : wanted;
    let line = 0;
    let at = text.indexOf(pattern);
    while (at >= 0) {
      line = this.#lineOf(at, line);
      if (line >= last || found(line) === false) return;
      at = text.indexOf(pattern, starts[line + 1]);
    }
  }

  /** Line that a character belongs to, at or after line `from`; its mark belongs to it. */
  #lineOf(at, from) {
    const starts = this.#starts;
    let low = from;
    let step = 1;
    while (low + step < starts.length && starts[low + step] <= at) {
      low += step;
      step *= 2;
    }
    let high = Math.min(low + step, starts.length);
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= at) low = middle;
      else high = middle;
    }
    return low;
  }
}

/**
 * What to do with a mark once compatibility forms are resolved and letters are small: those of which each stands
 * for itself are kept or dropped, all others need the full rules.
 */
function kindsOfMarks() {
  const kinds = new Uint8Array(0x10000).fill(HARD);
  const mark = (kind, from, to) => kinds.fill(kind, from, to + 1);
  mark(DROP, 0, 0x7f);
  for (const [from, to] of [[0xb7, 0xb7], [0x2010, 0x2027], [0x3001, 0x3003], [0x3008, 0x3011]]) mark(DROP, from, to);
  for (const [from, to] of [[0x0a, 0x0a], [0x30, 0x39], [0x61, 0x7a], [0x4e00, 0x9fff]]) mark(KEEP, from, to);
  return kinds;
}

/** Evened-out texts, a mark after each. */
function evenedBlock(texts) {
  const clean = texts.map((one) => (one.includes(BETWEEN) ? one.replaceAll(BETWEEN, "") : one));
  const plain = simply(`${clean.join(BETWEEN)}${BETWEEN}`);
  return plain ?? clean.map((one) => (simply(one) ?? evenOut(one)) + BETWEEN).join("");
}

/** The evened-out text if it has simple marks only, else null. A loop: a pattern takes several times as long. */
function simply(text) {
  const small = text.normalize("NFKC").toLowerCase();
  let found = "";
  let start = 0;
  for (let at = 0; at < small.length; at += 1) {
    const kind = KIND_OF[small.charCodeAt(at)];
    if (kind === KEEP) continue;
    if (kind === HARD) return null;
    if (at > start) found += small.slice(start, at);
    start = at + 1;
  }
  return found + small.slice(start);
}

/**
 * The evened-out ids and names of a list; made once for each list.
 *
 * @param {import("./store.js").Store} store
 * @returns {{ids: Lines, names: Lines}}
 */
export function textsOf(store) {
  if (!TEXTS.has(store)) TEXTS.set(store, { ids: new Lines(store.ids), names: new Lines(store.names) });
  return TEXTS.get(store);
}

/** Begins to even out the texts of a list, a little at a time, for a search that is about to come. */
export function prepareTexts(store) {
  const { ids, names } = textsOf(store);
  const until = performance.now() + TURN_MS;
  if (!ids.prepare(until) || !names.prepare(until)) setTimeout(() => prepareTexts(store), PAUSE_MS);
}

/**
 * What the search box looks through besides the sites.
 *
 * @typedef {object} Entry
 * @property {"district"|"place"|"role"|"field"|"document"|"clause"} kind
 * @property {string} id of the place, designation, term, instrument, or `instrument|clause`
 * @property {string} zh
 * @property {string} en
 * @property {string} hintZh
 * @property {string} hintEn
 * @property {string[]} keys evened out, the name first
 * @property {string[]} [designations] of a clause
 * @property {string[]} [measures] of a clause
 */

/**
 * Entries of districts, places, roles, fields, documents and clauses.
 *
 * @param {object} data the page data
 * @returns {Entry[]}
 */
export function entriesOf(data) {
  const instruments = new Map(data.instruments.map((one) => [one.id, one]));
  return [
    ...placeEntries(data),
    ...roleEntries(data, instruments),
    ...data.terms.map((one) => fieldEntry(data, one)),
    ...data.instruments.map((one) => entry("document", one.id, one.title_zh, one.title_en, [one.short_zh, one.document_number], [one.short_en, one.document_number], [one.id])),
    ...clauseEntries(data, instruments),
  ];
}

function entry(kind, id, zh, en, hintsZh, hintsEn, more = []) {
  const hintZh = hintsZh.filter(Boolean).join(" · ");
  const hintEn = hintsEn.filter(Boolean).join(" · ");
  const keys = [zh, en, ...more, ...hintsZh, ...hintsEn].filter(Boolean).map(evenOut).filter(Boolean);
  return { kind, id, zh, en, hintZh, hintEn, keys };
}

function placeEntries(data) {
  return Object.entries(data.places).map(([id, place]) => {
    const district = Object.hasOwn(data.about, id);
    const home = place.within ? data.places[place.within] : null;
    const found = entry(district ? "district" : "place", id, place.zh, place.en, [], [], [...(place.aliases ?? []), id]);
    return { ...found, hintZh: home?.zh ?? "", hintEn: home?.en ?? "" };
  });
}

function roleEntries(data, instruments) {
  return data.designations
    .filter((one) => one.kind === "role")
    .map((one) => {
      const place = data.places[one.place];
      const paper = instruments.get(one.instrument);
      const found = entry("role", one.id, one.role_zh, one.role_en, [], [], [place.zh, place.en]);
      return { ...found, hintZh: `${place.zh} · ${paper.short_zh}`, hintEn: `${place.en} · ${paper.short_en}` };
    });
}

function fieldEntry(data, term) {
  const top = data.terms.find((one) => one.id === term.top);
  const found = entry("field", term.id, term.zh, term.en, [], [], [...term.aliases, term.id]);
  return top && top.id !== term.id ? { ...found, hintZh: top.zh, hintEn: top.en } : found;
}

/** One entry for each clause of a document that something is taken from. */
function clauseEntries(data, instruments) {
  const clauses = new Map();
  const take = (one, list) => {
    if (!one.clause) return;
    const id = `${one.instrument}|${one.clause}`;
    if (!clauses.has(id)) clauses.set(id, { first: one, designations: [], measures: [] });
    clauses.get(id)[list].push(one);
  };
  for (const one of data.designations) take(one, "designations");
  for (const one of data.measures) take(one, "measures");
  return [...clauses].map(([id, { first, designations, measures }]) => {
    const paper = instruments.get(first.instrument);
    const says = [...new Set([...designations.map((one) => data.places[one.place].zh), ...measures.map((one) => one.subject_zh)])];
    const saysEn = [...new Set([...designations.map((one) => data.places[one.place].en), ...measures.map((one) => one.subject_en)])];
    const found = entry("clause", id, `${paper.short_zh} ${first.clause}`, `${paper.short_en}, ${first.clause_en}`, [], [], [
      first.clause, first.clause_en, ...says, ...saysEn,
    ]);
    return {
      ...found,
      hintZh: shortened(says, "、"),
      hintEn: shortened(saysEn, ", "),
      designations: designations.map((one) => one.id),
      measures: measures.map((one) => one.id),
    };
  });
}

function shortened(words, joint) {
  return words.length > 3 ? `${words.slice(0, 3).join(joint)}…` : words.join(joint);
}

const KINDS = ["site", "district", "place", "field", "role", "document", "clause"];

/**
 * What fits a query, by kind; in each kind what begins with it comes before what holds it.
 *
 * @param {string} query
 * @param {Entry[]} entries of `entriesOf`
 * @param {import("./store.js").Store|null} store
 * @param {number} [most] of a kind
 * @returns {Array<{kind: string, items: Array<Entry|{kind: "site", row: number}>, more: boolean}>}
 */
export function find(query, entries, store, most = 6) {
  const wanted = evenOut(query);
  if (!wanted) return [];
  const groups = new Map(KINDS.map((kind) => [kind, { kind, items: [], more: false }]));
  for (const rank of [0, 1, 2, 3]) {
    for (const one of entries) {
      if (rankOf(one, wanted) !== rank) continue;
      const group = groups.get(one.kind);
      if (group.items.length < most) group.items.push(one);
      else group.more = true;
    }
  }
  if (store?.count) Object.assign(groups.get("site"), findSites(wanted, store, most));
  return [...groups.values()].filter((group) => group.items.length);
}

/** 0: is it, 1: the name begins with it, 2: another word begins with it, 3: some word holds it, 4: none. */
function rankOf(one, wanted) {
  if (one.keys.includes(wanted)) return 0;
  if (one.keys[0].startsWith(wanted)) return 1;
  if (one.keys.some((key) => key.startsWith(wanted))) return 2;
  return one.keys.some((key) => key.includes(wanted)) ? 3 : 4;
}

function findSites(wanted, store, most) {
  const { ids, names } = textsOf(store);
  const rows = new Set();
  const take = (row) => {
    rows.add(row);
    return rows.size <= most;
  };
  for (const atStart of [true, false]) {
    for (const lines of [ids, names]) if (rows.size <= most) lines.each(wanted, take, atStart);
  }
  return { items: [...rows].slice(0, most).map((row) => ({ kind: "site", row })), more: rows.size > most };
}
