import { once } from "./columns.js";
import { textsOf } from "./search.js";
import { evenOut, trimmed } from "./spelling.js";
import { speaking, verdict } from "./verdict.js";

/** Filters that hide nothing. */
export const NO_FILTERS = Object.freeze({ match: [], force: [], district: [], field: [], stage: [], text: "" });

export const MATCHES = Object.freeze(["designated", "stage_elsewhere", "elsewhere", "silent", "outside", "not_asked", "unrecognised"]);
export const FORCES = Object.freeze(["in_force", "lapsed", "none"]);
export const FACETS = Object.freeze(["match", "force", "district", "field", "stage"]);
export const OUTSIDE = "outside";
export const NONE = "none";
export const UNKNOWN = "unrecognised";

const LARGEST_TABLE = 1 << 22;
const WORDS = new WeakMap();
const COLUMNS = new WeakMap();

/**
 * What the words of a list mean, by place among its `fields`, `stages` and `districts`.
 *
 * `fieldIds` holds the term and all above it, `["none"]` without a field, `["unrecognised"]` for one not known.
 *
 * @returns {{fieldIds: string[][], stageIds: string[][], districtIds: string[][], fieldTexts: string[]}}
 */
export function wordsOf(register, store) {
  if (WORDS.has(store)) return WORDS.get(store);
  const fields = store.fields.map(trimmed);
  const terms = fields.map((word) => (word === null ? null : termOf(register, word)));
  const stages = store.stages.map((word) => register.ask(null, word).stage);
  const ids = (word, known) => {
    if (trimmed(word) === null) return [NONE];
    return known === null ? [UNKNOWN] : known;
  };
  const names = (term) => (term === null ? [] : [register.term(term).zh, register.term(term).en]);
  const words = {
    terms,
    stages,
    fieldIds: store.fields.map((word, at) => ids(word, terms[at] && [...register.lineage(terms[at])])),
    stageIds: store.stages.map((word, at) => ids(word, stages[at] && [stages[at]])),
    districtIds: store.districts.map((id) => [id ?? OUTSIDE]),
    fieldTexts: store.fields.map((word, at) => [word ?? "", ...names(terms[at])].map(evenOut).join("\n")),
  };
  WORDS.set(store, words);
  return words;
}

/** The term of a word, without the suggestions that `ask` looks up for an unknown one: a list may hold many. */
function termOf(register, word) {
  const { term_spellings: spellings } = register.data;
  const spelling = evenOut(word);
  return Object.hasOwn(spellings, spelling) ? spellings[spelling] : null;
}

/**
 * Verdict of every row on a day; made once for a list and a span of days with equal forces.
 *
 * @param {object} register of core/register.js
 * @param {import("./store.js").Store} store
 * @param {string} date ISO
 * @returns {{match: Uint8Array, force: Uint8Array, words: object}} places in MATCHES and FORCES
 */
export function verdictColumns(register, store, date) {
  const { from } = register.regime(date);
  if (!COLUMNS.has(store)) COLUMNS.set(store, new Map());
  const known = COLUMNS.get(store);
  if (!known.has(from)) known.set(from, judgedRows(register, store, date));
  return known.get(from);
}

/** Each district, field and stage that occur together are judged once. */
function judgedRows(register, store, date) {
  const words = wordsOf(register, store);
  const { districts, fields, stages, districtAt, fieldAt, stageAt, count } = store;
  const judge = judgeOf(register, store, words, date);
  const match = new Uint8Array(count);
  const force = new Uint8Array(count);
  const size = districts.length * fields.length * stages.length;
  const known = size <= LARGEST_TABLE ? new Uint8Array(size) : new Map();
  const get = size <= LARGEST_TABLE ? (key) => known[key] : (key) => known.get(key);
  const set = size <= LARGEST_TABLE ? (key, code) => (known[key] = code) : (key, code) => known.set(key, code);
  for (let row = 0; row < count; row += 1) {
    const key = (districtAt[row] * fields.length + fieldAt[row]) * stages.length + stageAt[row];
    let code = get(key);
    if (!code) {
      code = judge(districtAt[row], fieldAt[row], stageAt[row]);
      set(key, code);
    }
    match[row] = (code - 1) >> 2;
    force[row] = (code - 1) & 3;
  }
  return { match, force, words };
}

/**
 * Gives 1 + 4 × match + force for places of a district, a field and a stage.
 *
 * The roles that decide are looked up once for each district and term: a stage only tells whether one of them has it.
 */
function judgeOf(register, store, words, date) {
  const regime = register.regime(date);
  const heard = new Map();
  const heardOf = (district, term) => {
    const key = `${district}|${term}`;
    if (!heard.has(key)) heard.set(key, speaking(register, district, term, regime));
    return heard.get(key);
  };
  return (districtAt, fieldAt, stageAt) => {
    const district = store.districts[districtAt];
    const term = words.terms[fieldAt];
    const [stage] = words.stageIds[stageAt];
    if (district === null) return codeOf("outside", NONE);
    if (stage === UNKNOWN || words.fieldIds[fieldAt][0] === UNKNOWN) return codeOf(UNKNOWN, NONE);
    if (term === null) {
      const said = verdict(register, district, register.ask(null, null), date);
      return codeOf(said.match, said.force);
    }
    const found = heardOf(district, term);
    if (!found) return codeOf("silent", NONE);
    if (!found.mine.length) return codeOf("elsewhere", found.force);
    const fits = stage === NONE || found.mine.some(({ stages }) => !stages.length || stages.includes(stage));
    return codeOf(fits ? "designated" : "stage_elsewhere", found.force);
  };
}

function codeOf(match, force) {
  return 1 + 4 * MATCHES.indexOf(match) + FORCES.indexOf(force);
}

/**
 * Rows that pass all filters, and how many each choice of a facet would show with the other facets as they are.
 *
 * A facet without a choice lets everything pass. Every word of `text` must stand in the id, the name or the field.
 *
 * @param {import("./store.js").Store} store
 * @param {object} columns of `verdictColumns`
 * @param {{match: string[], force: string[], district: string[], field: string[], stage: string[], text: string}} filters
 * @returns {{mask: Uint8Array, shown: number, counts: Object<string, Object<string, number>>}} `counts` where no row is
 *   hidden are made when first asked for
 */
export function filter(store, columns, filters) {
  const { words, match, force } = columns;
  const facets = [
    facet(match, MATCHES.map((id) => [id]), filters.match),
    facet(force, FORCES.map((id) => [id]), filters.force),
    facet(store.districtAt, words.districtIds, filters.district),
    facet(store.fieldAt, words.fieldIds, filters.field),
    facet(store.stageAt, words.stageIds, filters.stage),
  ];
  const counted = () => Object.fromEntries(FACETS.map((name, at) => [name, countsOf(facets[at])]));
  if (!filters.text && facets.every(({ stops }) => !stops.includes(1))) {
    const counts = once(() => (facets.forEach(tallyAll), counted()));
    return { mask: new Uint8Array(store.count).fill(1), shown: store.count, get counts() { return counts(); } };
  }
  const mask = textMask(store, words, filters.text);
  const shown = sieve(mask, facets);
  return { mask, shown, counts: counted() };
}

/** `ids` are what each value counts for; `stops` marks the values that the choice shuts out. */
function facet(at, ids, chosen = []) {
  const wanted = new Set(chosen);
  const stops = Uint8Array.from(ids, (one) => (wanted.size && !one.some((id) => wanted.has(id)) ? 1 : 0));
  return { at, ids, stops, tally: new Uint32Array(ids.length) };
}

/** Tallies every row of a facet. */
function tallyAll({ at, tally }) {
  for (let row = 0, end = at.length; row < end; row += 1) tally[at[row]] += 1;
}

/** Clears the rows of `mask` that a facet stops and tallies; a row stopped by one facet alone counts there. */
function sieve(mask, [a, b, c, d, e]) {
  let shown = 0;
  for (let row = 0; row < mask.length; row += 1) {
    if (!mask[row]) continue;
    const inA = a.at[row];
    const inB = b.at[row];
    const inC = c.at[row];
    const inD = d.at[row];
    const inE = e.at[row];
    const stopped = a.stops[inA] + b.stops[inB] + c.stops[inC] + d.stops[inD] + e.stops[inE];
    if (stopped === 0) {
      shown += 1;
      a.tally[inA] += 1;
      b.tally[inB] += 1;
      c.tally[inC] += 1;
      d.tally[inD] += 1;
      e.tally[inE] += 1;
      continue;
    }
    mask[row] = 0;
    if (stopped > 1) continue;
    if (a.stops[inA]) a.tally[inA] += 1;
    else if (b.stops[inB]) b.tally[inB] += 1;
    else if (c.stops[inC]) c.tally[inC] += 1;
    else if (d.stops[inD]) d.tally[inD] += 1;
    else e.tally[inE] += 1;
  }
  return shown;
}

function countsOf({ ids, tally }) {
  const counts = {};
  ids.forEach((each, value) => {
    for (const id of each) counts[id] = (counts[id] ?? 0) + tally[value];
  });
  return counts;
}

/** Rows that hold every word. */
function textMask(store, words, text) {
  const mask = new Uint8Array(store.count).fill(1);
  for (const wanted of (text ?? "").split(/\s+/u).map(evenOut).filter(Boolean)) {
    const held = new Uint8Array(store.count);
    const mark = (row) => {
      held[row] = 1;
    };
    const { ids, names } = textsOf(store);
    ids.each(wanted, mark);
    names.each(wanted, mark);
    const fields = Uint8Array.from(words.fieldTexts, (one) => (one.includes(wanted) ? 1 : 0));
    for (let row = 0; row < store.count; row += 1) mask[row] &= held[row] | fields[store.fieldAt[row]];
  }
  return mask;
}
