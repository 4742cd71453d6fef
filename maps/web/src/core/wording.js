/**
 * The explanation of a verdict: what is said when, as `geo/wording` has it.
 *
 * The sentences themselves come with the page from `maps/wording.yaml`; a word in braces is a slot.
 */

import { fixed, general, grouped, rounded } from "./number.js";

const OUTSIDE = "outside";
const WAN = 10_000;
const flat = new WeakMap();

/**
 * @typedef {object} Judgement
 * @property {import("./register.js").Question} question
 * @property {import("./verdict.js").Verdict} verdict
 * @property {Object<string, import("./verdict.js").Verdict>} alternatives by the other areas that are possible
 * @property {Array<[string, string|null, import("./verdict.js").Verdict]>} shifted datum, district that an
 *   undeclared position would have in it, verdict there
 * @property {number|null} accuracy metres that the position may be off, null: not known
 */

/**
 * The explanation in one language.
 *
 * @param {import("./register.js").Register} register
 * @param {import("./locate.js").Location} location
 * @param {Judgement} judgement
 * @param {string} date
 * @param {"zh"|"en"} lang
 * @returns {string}
 */
export function explain(register, location, judgement, date, lang) {
  return new Writer(register, location, judgement, date, lang).text();
}

/**
 * What a support measure pays, as its clause states it.
 *
 * @param {import("./register.js").Register} register
 * @param {string} id of the measure
 * @param {"zh"|"en"} lang
 * @returns {string}
 */
export function amount(register, id, lang) {
  const one = register.measure(id);
  const { fill, join } = sentencesOf(register, lang);
  const { cap_cny: cap, amount_kind: kind, rate_percent: rate, per } = one;
  const of = one[`rate_of_${lang}`];
  const said = [];
  if (kind === "matching" || kind === "full") said.push(fill(`amount.${kind}`));
  if (cap !== null) {
    const money = fill("amount.money", { amount: moneyText(cap, lang) });
    said.push(fill(`amount.${kind === "award" ? "award" : "cap"}`, { money }));
  }
  if (said.length && per) said.push(fill("amount.per", { amount: said.pop(), per: per[lang] }));
  if (rate !== null) said.push(fill(of === null ? "amount.rate" : "amount.rate_of", { rate: `${general(rate)} %`, of }));
  else if (of !== null && said.length && kind !== "full") said.push(fill("amount.share_of", { of }));
  return said.length ? join("piece", said) : fill("amount.none");
}

/** Yuan in the unit of the language. */
function moneyText(cny, lang) {
  if (lang === "en") return grouped(cny);
  const rest = cny % WAN;
  const decimals = rest ? `.${String(rest).padStart(4, "0").replace(/0+$/, "")}` : "";
  return grouped((cny - rest) / WAN) + decimals;
}

/** Sentences by their path, such as `silent.field`, to be filled and joined in one language. */
function sentencesOf(register, lang) {
  if (!flat.has(register)) flat.set(register, new Map(flatten(register.data.sentences)));
  const said = flat.get(register);
  return {
    fill: (name, slots = {}) => said.get(name)[lang].map((part, at) => (at % 2 ? slots[part] : part)).join(""),
    join: (how, words) => [...words].join(said.get(`join.${how}`)[lang][0]),
  };
}

/** Each sentence cut at its slots: words and names of slots take turns. */
function flatten(words, path = "") {
  const parts = (said) => said.split(/\{(\w+)\}/);
  if (typeof words.zh === "string" && typeof words.en === "string") return [[path, { zh: parts(words.zh), en: parts(words.en) }]];
  return Object.entries(words).flatMap(([key, each]) => flatten(each, path ? `${path}.${key}` : key));
}

/** Writes one verdict in one language. */
class Writer {
  constructor(register, location, judgement, date, lang) {
    Object.assign(this, { register, location, date, lang, ...judgement, ...sentencesOf(register, lang) });
  }

  /** Verdict, then what is in force but decides nothing, then doubts of place. */
  text() {
    const writers = {
      designated: () => this.designated(),
      stage_elsewhere: () => this.stageElsewhere(),
      elsewhere: () => this.elsewhere(),
      silent: () => this.silent(),
      outside: () => this.fill("outside"),
      not_asked: () => this.notAsked(),
      unrecognised: () => this.unrecognised(),
    };
    const said = [
      writers[this.verdict.match](), this.support(), this.doubt(), this.otherVerdicts(), this.undeclared(),
    ];
    return this.join("sentence", said.filter(Boolean));
  }

  word(kind, id) {
    return this.register.data.words[kind][id][this.lang === "zh" ? 0 : 1];
  }

  area(id) {
    return id === null || id === OUTSIDE ? this.fill("outside_area") : this.register.place(id)[this.lang];
  }

  get place() {
    return this.area(this.location.district);
  }

  get term() {
    const name = this.register.term(this.question.term)[this.lang];
    const second = name[1] ?? "";
    const lower = this.lang === "en" && second !== second.toUpperCase();
    return this.fill("term", { term: lower ? name[0].toLowerCase() + name.slice(1) : name });
  }

  get stage() {
    return this.question.stage ? this.word("stage", this.question.stage) : "";
  }

  designation(one) {
    return this.register.designation(one.id);
  }

  instrument(one) {
    return this.register.instrument(this.designation(one).instrument);
  }

  /** Document, number, part and clause. */
  cite(one) {
    const instrument = this.instrument(one);
    return this.fill("citation", {
      title: instrument[`title_${this.lang}`],
      number: instrument.document_number || this.fill("no_number"),
      clause: this.designation(one)[this.lang === "zh" ? "clause" : "clause_en"],
    });
  }

  deciding() {
    return this.verdict.designations.filter((one) => one.decides);
  }

  /** Force of the document on the day. */
  state(one) {
    const { to, to_basis: basis } = this.instrument(one);
    const reading = basis === "interpreted" ? this.fill("state.reading") : "";
    if (one.force === "in_force") {
      const until = to ? this.fill("state.until", { to, reading }) : "";
      return this.fill("state.in_force", { as_of: this.date, until });
    }
    return this.fill(this.question.term === null ? "state.lapsed_place" : "state.lapsed_field", { to, reading });
  }

  roleName(one) {
    return this.designation(one)[`role_${this.lang}`];
  }

  role(one) {
    return this.fill("role", { role: this.roleName(one) });
  }

  /** How the role covers the field, where that is not plain. */
  basis(one) {
    if (one.coverage === "any") return this.fill("basis.any");
    if (one.coverage === "part") {
      const parts = one.parts.map((part) => this.register.term(part)[this.lang]);
      return this.fill("basis.part", { parts: this.join("list", parts) });
    }
    return one.basis === "interpreted" ? this.fill("basis.interpreted") : "";
  }

  /** The place as the document names it: the former district, where it was part of one. */
  named(one) {
    if (one.former === null) return this.place;
    return this.fill("former", { parent: this.area(one.former), place: this.place });
  }

  designated() {
    const deciding = this.deciding();
    const rank = (each) => 2 * (each.basis !== "explicit") + (each.coverage !== "whole");
    const one = deciding.reduce((best, each) => (rank(each) < rank(best) ? each : best));
    const same = deciding.filter((each) => this.instrument(each) === this.instrument(one));
    return this.fill("designated", {
      citation: this.cite(one),
      place: this.named(one),
      roles: this.join("and", new Set(same.map((each) => this.role(each)))),
      term: this.term,
      basis: this.basis(one),
      stage: this.stage && this.fill("with_stage", { stage: this.stage }),
      state: this.state(one),
    });
  }

  stageElsewhere() {
    const [one] = this.deciding();
    const others = this.join("list", this.sharedRoles(this.verdict.elsewhere));
    return this.fill("stage_elsewhere.said", {
      citation: this.cite(one),
      place: this.named(one),
      role: this.role(one),
      term: this.term,
      basis: this.basis(one),
      stages: this.join("list", one.stages.map((stage) => this.word("stage", stage))),
      stage: this.stage,
      where: others ? this.fill("stage_elsewhere.others", { others }) : this.fill("stage_elsewhere.nobody"),
      state: this.state(one),
    });
  }

  elsewhere() {
    const [one] = this.verdict.elsewhere;
    const mine = this.verdict.elsewhere.filter((each) => this.instrument(each) === this.instrument(one));
    return this.fill("elsewhere", {
      citation: this.cite(one),
      term: this.term,
      others: this.join("list", this.sharedRoles(mine)),
      place: this.place,
      state: this.state(one),
    });
  }

  /** Places with their role; places of one role are named together. */
  sharedRoles(roles) {
    const held = new Map();
    for (const one of roles) {
      const basis = this.basis(one);
      const key = JSON.stringify([this.designation(one).role_zh, basis]);
      if (!held.has(key)) held.set(key, { basis, same: [] });
      held.get(key).same.push(one);
    }
    return [...held.values()].map(({ basis, same }) => {
      const places = this.join("list", same.map((one) => this.area(this.designation(one).place)));
      return this.fill("shared_role", { places, role: this.roleName(same[0]), basis });
    });
  }

  silent() {
    const [count, date] = [this.register.data.instruments.length, this.date];
    if (this.question.term === null) return this.fill("silent.place", { as_of: date, count, place: this.place });
    const first = this.verdict.designations.find((one) => {
      const { kind, located } = this.designation(one);
      return kind === "role" && one.coverage && !located;
    });
    const placeless = first ? this.fill("silent.placeless", { citation: this.cite(first), role: this.roleName(first) }) : "";
    return this.fill("silent.field", { as_of: date, count, term: this.term, placeless });
  }

  notAsked() {
    const standing = this.register.regime(this.date).standing[this.location.district] ?? [];
    const roles = this.verdict.designations.filter((one) => standing.includes(one.id));
    const instruments = [...new Set(roles.map((one) => this.instrument(one)))];
    const said = instruments.map((instrument) => {
      const mine = roles.filter((one) => this.instrument(one) === instrument);
      return this.fill("not_asked.role", {
        citation: this.cite(mine[0]),
        place: this.named(mine[0]),
        roles: this.join("and", mine.map((one) => this.role(one))),
        state: this.state(mine[0]),
      });
    });
    return this.fill("not_asked.said", { roles: this.join("clause", said) });
  }

  unrecognised() {
    const said = this.question.unknown.map((one) => {
      const near = this.join("list", this.lang === "zh" ? one.suggestions : one.suggestionsEn);
      const hint = near && this.fill("unrecognised.hint", { near });
      return this.fill(`unrecognised.${one.column}`, { value: one.value, hint });
    });
    return this.fill("unrecognised.said", { words: capital(this.join("clause", said)) });
  }

  /** Support in force for the district itself, which assigns no role. */
  support() {
    const one = this.verdict.designations.find((each) => {
      const { kind, place } = this.designation(each);
      return kind === "support" && each.force === "in_force" && place === this.location.district;
    });
    if (!one) return "";
    return this.fill("support", { citation: this.cite(one), place: this.place, role: this.roleName(one) });
  }

  /** Doubt about the district itself. */
  doubt() {
    const { certainty, district, distance, shares, possible } = this.location;
    if (certainty === "certain" || certainty === "outside") return "";
    if (certainty === "straddles") {
      const said = Object.entries(shares).map(([area, share]) =>
        this.fill("doubt.share", { place: this.area(area), share: percent(share) }));
      const kind = district === null ? "straddles" : "straddles_largest";
      return this.fill(`doubt.${kind}`, { shares: this.join("list", said), place: this.place });
    }
    const places = this.join("or", possible.map((one) => this.area(one)));
    const metres = rounded(rounded(distance ?? 0, 1));
    if (this.accuracy !== null && this.accuracy <= metres) return this.fill("doubt.boundary", { metres, places });
    const accuracy = this.accuracy === null
      ? this.fill("doubt.accuracy_unknown")
      : this.fill("doubt.accuracy", { accuracy: general(this.accuracy) });
    return this.fill("doubt.position", { metres, accuracy, places });
  }

  /** What the verdict would be in the other possible areas. */
  otherVerdicts() {
    const said = Object.entries(this.alternatives).map(([area, other]) =>
      this.fill(`alternative.${area === OUTSIDE ? "outside" : "inside"}`, { place: this.area(area), verdict: this.short(other) }));
    return said.length ? this.fill("alternative.said", { verdicts: capital(this.join("clause", said)) }) : "";
  }

  /** Match and force in a few words. */
  short({ match, force }) {
    return this.fill(force === "none" ? "short.match" : "short.force", {
      match: this.word("match", match),
      force: this.word("force", force),
    });
  }

  /** Where the position would lie if it were in a datum of the web maps. */
  undeclared() {
    const said = this.shifted.map(([datum, district, other]) =>
      this.fill(`undeclared.${district === null ? "outside" : "inside"}`, {
        datum: this.word("datum", datum), place: this.area(district), verdict: this.short(other),
      }));
    return said.length ? this.fill("undeclared.said", { verdicts: this.join("clause", said) }) : "";
  }
}

function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A share with as many decimals as it takes not to show 0 % or 100 %. */
function percent(share) {
  for (let digits = 0; digits < 6; digits += 1) {
    const shown = fixed(100 * share, digits);
    if (share === 0 || share === 1 || ![0, 100].includes(Number(shown))) return `${shown} %`;
  }
  return `${general(100 * share)} %`;
}
