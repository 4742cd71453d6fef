/** The policy register as the page carries it: lookups, and the decision table for a day. */

import { evenOut, trimmed } from "./spelling.js";

const SUGGESTED = 5;
const RANKED = 30;
const LEAST_LIKENESS = 50;

/**
 * @typedef {object} Question field and stage as asked and as recognised
 * @property {string|null} fieldQuery
 * @property {string|null} stageQuery
 * @property {string|null} term term id, null if not asked or not known
 * @property {string|null} stage
 * @property {Array<{column: "field"|"stage", value: string, suggestions: string[], suggestionsEn: string[]}>} unknown
 */

/**
 * @param {object} data the page's data
 * @returns {Register}
 */
export function makeRegister(data) {
  return new Register(data);
}

/** Lookups over the page's data. Days are text, `YYYY-MM-DD`. */
export class Register {
  #terms;
  #lineages = new Map();
  #questions = new Map();
  #instruments;
  #designations;
  #places;
  #measures;
  #offers = new Map();
  #spellings;
  #stageSpellings;

  constructor(data) {
    this.data = data;
    /** District ids in their fixed order. */
    this.districts = Object.keys(data.about);
    this.#terms = byId(data.terms);
    this.#instruments = byId(data.instruments);
    this.#designations = byId(data.designations);
    this.#measures = byId(data.measures);
    this.#places = new Map(Object.entries(data.places).map(([id, place]) => [id, { id, ...place }]));
    this.#spellings = new Map(Object.entries(data.term_spellings));
    this.#stageSpellings = new Map(Object.entries(data.stage_spellings));
  }

  /**
   * The span of days, with one force for each instrument, that a day lies in.
   * @param {string} date
   * @returns {object}
   */
  regime(date) {
    const found = this.data.regimes.find((one) => one.from <= date && (one.to === null || date <= one.to));
    if (!found) throw new RangeError(`not a day: ${date}`);
    return found;
  }

  /** Force of an instrument on a day: `in_force`, `lapsed`, `not_yet` or `draft`. */
  force(instrument, date) {
    return this.regime(date).force[instrument];
  }

  /**
   * Recognise a field and a stage; what is not known is kept with suggestions.
   * @param {string|null} field
   * @param {string|null} stage
   * @returns {Question}
   */
  ask(field, stage) {
    const [fieldQuery, stageQuery] = [trimmed(field), trimmed(stage)];
    if (!this.#questions.has(fieldQuery)) this.#questions.set(fieldQuery, new Map());
    const known = this.#questions.get(fieldQuery);
    if (!known.has(stageQuery)) known.set(stageQuery, Object.freeze(this.#ask(fieldQuery, stageQuery)));
    return known.get(stageQuery);
  }

  #ask(fieldQuery, stageQuery) {
    const term = fieldQuery === null ? null : (this.#spellings.get(evenOut(fieldQuery)) ?? null);
    const stage = stageQuery === null ? null : (this.#stageSpellings.get(evenOut(stageQuery)) ?? null);
    const unknown = [];
    if (fieldQuery !== null && term === null) {
      const near = this.suggest(fieldQuery);
      unknown.push({
        column: "field", value: fieldQuery,
        suggestions: near.map((id) => this.term(id).zh), suggestionsEn: near.map((id) => this.term(id).en),
      });
    }
    if (stageQuery !== null && stage === null) {
      unknown.push({
        column: "stage", value: stageQuery,
        suggestions: this.data.stages.map((one) => one.zh), suggestionsEn: this.data.stages.map((one) => one.id),
      });
    }
    return { fieldQuery, stageQuery, term, stage, unknown };
  }

  /**
   * Ids of the terms whose names are nearest to a text, else the fields.
   * @param {string} text
   * @returns {string[]} five at most
   */
  suggest(text) {
    const wanted = [...evenOut(text)];
    const near = [];
    for (const [spelling, id] of this.#spellings) {
      const score = likeness(wanted, [...spelling]);
      if (score >= LEAST_LIKENESS) near.push({ id, score });
    }
    near.sort((one, other) => other.score - one.score);
    const ids = [...new Set(near.slice(0, RANKED).map((one) => one.id))];
    const tops = this.data.terms.filter((one) => !one.parents.length).map((one) => one.id);
    return (ids.length ? ids : tops).slice(0, SUGGESTED);
  }

  term(id) {
    return this.#terms.get(id);
  }

  /**
   * A term and every term above it.
   * @param {string} id
   * @returns {Set<string>}
   */
  lineage(id) {
    if (!this.#lineages.has(id)) {
      const above = this.term(id).parents.flatMap((parent) => [...this.lineage(parent)]);
      this.#lineages.set(id, new Set([id, ...above]));
    }
    return this.#lineages.get(id);
  }

  /** The field that a term lies under first. */
  topField(id) {
    return this.term(id).top;
  }

  instrument(id) {
    return this.#instruments.get(id);
  }

  designation(id) {
    return this.#designations.get(id);
  }

  place(id) {
    return this.#places.get(id);
  }

  measure(id) {
    return this.#measures.get(id);
  }

  /**
   * Support measures in force for a district, a term (null: none was asked) and a day.
   * @param {string|null} district
   * @param {string|null} term
   * @param {string} date
   * @returns {Array<{id: string, coverage: "any"|"whole"|"part"|null}>} in the register's order
   */
  measures(district, term, date) {
    if (district === null) return [];
    const regime = this.regime(date);
    const key = `${regime.from}|${district}|${term}`;
    if (!this.#offers.has(key)) this.#offers.set(key, this.#offersOf(district, term, regime));
    return this.#offers.get(key);
  }

  #offersOf(district, term, { force }) {
    const { measure_places: places, measure_cover: covers } = this.data;
    const here = (one) => places[one.id] === "all" || places[one.id].includes(district);
    return this.data.measures
      .filter((one) => force[one.instrument] === "in_force" && here(one))
      .map((one) => ({ id: one.id, coverage: coverageOf(covers[one.id], term) }))
      .filter((one) => one.coverage !== null || term === null);
  }

  /**
   * What each instrument, in the order of time, says of a place; silence is an entry without designations.
   * @param {string} id place id
   * @returns {Array<{instrument: object, former: string|null, designations: object[]}>}
   */
  timeline(id) {
    const place = this.place(id);
    const about = Object.hasOwn(this.data.about, id) ? this.data.about[id].map(([one]) => this.designation(one)) : null;
    const listed = about ?? this.data.designations.filter((one) => one.place === id);
    return this.data.instruments.map((instrument) => ({
      instrument,
      former: formerOf(place, instrument),
      designations: listed.filter((one) => one.instrument === instrument.id),
    }));
  }
}

function byId(records) {
  return new Map(records.map((one) => [one.id, one]));
}

function coverageOf(cover, term) {
  if (term === null) return null;
  if (cover === "any") return "any";
  return Object.hasOwn(cover, term) ? cover[term] : null;
}

/** The district that a place was part of when an instrument began. */
function formerOf(place, { from }) {
  return place.formerly && from && from <= place.formerly.until ? place.formerly.parent : null;
}

/** 0 to 100: twice the longest common subsequence of two texts, against their lengths together. */
function likeness(one, other) {
  const total = one.length + other.length;
  if (4 * Math.min(one.length, other.length) < total) return 0; // below the least likeness whatever the letters
  let row = new Uint16Array(other.length + 1);
  for (const mark of one) {
    const next = new Uint16Array(other.length + 1);
    for (let at = 0; at < other.length; at += 1) {
      next[at + 1] = mark === other[at] ? row[at] + 1 : Math.max(row[at + 1], next[at]);
    }
    row = next;
  }
  return 100 * (1 - (total - 2 * row[other.length]) / total);
}
