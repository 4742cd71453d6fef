/**
 * The role verdict, from the page's decision table; the order of deciding is that of `geo/check.py`.
 *
 * Which designation speaks of which place and field stands in the table; here the roles in force go
 * first, then each lapsed instrument, and of several deciding roles the best counts.
 */

/**
 * @typedef {object} Judged a designation as it stands on the day
 * @property {string} id
 * @property {string} force
 * @property {"whole"|"part"|"any"|null} coverage of the asked field
 * @property {"explicit"|"interpreted"|null} basis
 * @property {string[]} parts terms named, where the asked one is covered only in part
 * @property {string[]} stages own and layout stages; none covers all
 * @property {boolean} stageFits
 * @property {boolean} decides
 * @property {string|null} former district through which the designation reaches the place
 */

/**
 * @typedef {object} Verdict
 * @property {"designated"|"stage_elsewhere"|"elsewhere"|"silent"|"outside"|"not_asked"|"unrecognised"} match
 * @property {"in_force"|"lapsed"|"none"} force of what decided
 * @property {"explicit"|"interpreted"|null} basis of what decided
 * @property {Judged[]} designations
 * @property {Judged[]} elsewhere
 */

const OUTSIDE = Object.freeze({ match: "outside", force: "none", basis: null, designations: [], elsewhere: [] });
const UNCOVERED = Object.freeze([null, null, []]);
const ANY = Object.freeze(["any", "interpreted", []]);
const tables = new WeakMap();

/**
 * Judge a question for a district on a day. Equal questions give the same object.
 *
 * @param {import("./register.js").Register} register
 * @param {string|null} district null outside
 * @param {import("./register.js").Question} question of `register.ask`
 * @param {string} date
 * @returns {Verdict}
 */
export function verdict(register, district, question, date) {
  if (district === null) return OUTSIDE;
  const regime = register.regime(date);
  const { verdicts, doubtful } = tableOf(register);
  const stages = below(question.unknown.length ? doubtful : verdicts, regime, district, question.term);
  let found = stages.get(question.stage);
  if (!found) {
    found = judge(register, district, question, regime);
    stages.set(question.stage, found);
  }
  return found;
}

/** The map that lies below keys of nested maps, made where there is none. */
function below(map, ...keys) {
  let found = map;
  for (const key of keys) {
    if (!found.has(key)) found.set(key, new Map());
    found = found.get(key);
  }
  return found;
}

/** What is the same for every question, and the verdicts found so far. */
function tableOf(register) {
  if (!tables.has(register)) {
    const roles = register.data.designations.filter((one) => one.kind === "role");
    const at = (one) => register.districts.indexOf(one.place);
    tables.set(register, {
      located: roles.filter((one) => one.located).sort((one, other) => at(one) - at(other)),
      placeless: roles.filter((one) => !one.located && register.place(one.place).within === null),
      about: new Map(Object.entries(register.data.about).map(([district, listed]) => [
        district, listed.map(([id, former]) => ({ one: register.designation(id), former })),
      ])),
      coverage: new Map(Object.entries(register.data.coverage).map(([id, covered]) => [
        id, covered === "any" ? null : new Map(Object.entries(covered)),
      ])),
      decisive: new Map(),
      speakers: new Map(),
      verdicts: new Map(),
      doubtful: new Map(), // verdicts of questions with a word that is not known
    });
  }
  return tables.get(register);
}

/** Roles that name a term or what lies above or below it: of the districts in their order, and of no place. */
function speakersOf(register, term) {
  const table = tableOf(register);
  if (!table.speakers.has(term)) {
    const named = (one) => ["whole", "part"].includes(cover(register, one.id, term)[0]);
    table.speakers.set(term, { located: table.located.filter(named), placeless: table.placeless.filter(named) });
  }
  return table.speakers.get(term);
}

/** What a place's roles that can decide say: those about a district that stand on the ground. */
function decisiveAbout(register, district) {
  const { about, decisive } = tableOf(register);
  if (!decisive.has(district)) {
    decisive.set(district, about.get(district).map(({ one }) => one).filter((one) => one.kind === "role" && one.located));
  }
  return decisive.get(district);
}

/**
 * The roles that decide on a term for a district: those of the first tier that speak of it, there and elsewhere.
 *
 * @param {import("./register.js").Register} register
 * @param {string} district
 * @param {string} term
 * @param {object} regime of `register.regime`
 * @returns {{force: string, mine: object[], theirs: object[]}|null} designations of the register; null where none speaks
 */
export function speaking(register, district, term, regime) {
  const here = decisiveAbout(register, district);
  const speakingHere = here.filter((one) => cover(register, one.id, term)[0] !== null);
  const speakingThere = speakersOf(register, term).located.filter((one) => !here.includes(one));
  const tier = tierOf(regime, (test) => speakingThere.some((one) => test(one.instrument)) || speakingHere.some((one) => test(one.instrument)));
  if (!tier) return null;
  const held = (one) => tier.holds(one.instrument);
  return { force: tier.force, mine: speakingHere.filter(held), theirs: speakingThere.filter(held) };
}

function judge(register, district, question, regime) {
  const { term } = question;
  const listed = tableOf(register).about.get(district).map(({ one, former }) => judged(register, one, question, regime, former));
  if (term !== null) {
    for (const one of speakersOf(register, term).placeless) listed.push(judged(register, one, question, regime));
  }
  if (question.unknown.length) return answer("unrecognised", "none", listed);
  return term === null ? unasked(register, district, listed) : asked(register, district, listed, question, regime);
}

function answer(match, force, designations, elsewhere = []) {
  const deciding = [...designations, ...elsewhere].filter((one) => one.decides);
  const basis = deciding.some((one) => one.basis === "explicit") ? "explicit" : deciding.length ? "interpreted" : null;
  return Object.freeze({ match, force, basis, designations, elsewhere });
}

function judged(register, { id, instrument, stages }, question, regime, former = null) {
  const [coverage, basis, parts] = cover(register, id, question.term);
  const stageFits = question.stage === null || !stages.length || stages.includes(question.stage);
  return { id, force: regime.force[instrument], coverage, basis, parts, stages, stageFits, decides: false, former };
}

function cover(register, id, term) {
  if (term === null) return UNCOVERED;
  const covered = tableOf(register).coverage.get(id);
  return covered === null ? ANY : (covered.get(term) ?? UNCOVERED);
}

/** No field was given: the best force among the place's roles. */
function unasked(register, district, listed) {
  const ids = new Set(decisiveAbout(register, district).map((one) => one.id));
  const forces = new Set(listed.filter((one) => ids.has(one.id)).map((one) => one.force));
  const force = ["in_force", "lapsed"].find((one) => forces.has(one));
  return force ? answer("not_asked", force, listed) : answer("silent", "none", listed);
}

/** Decide by the first tier of roles that speaks of the field, here or elsewhere. */
function asked(register, district, listed, question, regime) {
  const heard = speaking(register, district, question.term, regime);
  if (!heard) return answer("silent", "none", listed);
  const ids = new Set(heard.mine.map((one) => one.id));
  const mine = listed.filter((one) => ids.has(one.id));
  const fitting = mine.filter((one) => one.stageFits);
  if (fitting.length) return answer("designated", heard.force, marked(listed, fitting));
  const theirs = heard.theirs.map((one) => judged(register, one, question, regime));
  if (!mine.length) return answer("elsewhere", heard.force, listed, marked(theirs, theirs));
  return answer("stage_elsewhere", heard.force, marked(listed, mine), theirs.filter((one) => one.stageFits));
}

function marked(all, deciding) {
  return all.map((one) => (deciding.includes(one) ? { ...one, decides: true } : one));
}

/** The instruments in force if one of them speaks, else the first lapsed one that does, latest end and start first. */
function tierOf(regime, speaks) {
  const inForce = (instrument) => regime.force[instrument] === "in_force";
  if (speaks(inForce)) return { force: "in_force", holds: inForce };
  const first = regime.lapsed.find((lapsed) => speaks((instrument) => instrument === lapsed));
  return first && { force: "lapsed", holds: (instrument) => instrument === first };
}
