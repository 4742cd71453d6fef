/** The answer for a place: a record with the keys of the JSON of `parksite check`. */

import { rounded } from "./number.js";
import { verdict } from "./verdict.js";
import { explain } from "./wording.js";

const OUTSIDE = "outside";
const SHIFTED_DATUMS = ["gcj02", "bd09"]; // of the web maps; what an undeclared position may be in
const M2_PER_HA = 1e4;
const HA_PER_MU = 1 / 15;

/**
 * @typedef {object} Request a place and what is asked of it
 * @property {number} [lon] first number of the position, in its datum (longitude, or metres east)
 * @property {number} [lat] second number
 * @property {string|null} [datum] null: not declared, WGS84 is assumed
 * @property {object} [geometry] GeoJSON geometry in WGS84, in place of a position
 * @property {string|null} [field]
 * @property {string|null} [stage]
 * @property {string} date
 * @property {string} [id]
 * @property {string} [name]
 * @property {number|null} [accuracy] metres that the position may be off
 * @property {Array<{zh: string, en: string}>} [notes]
 */

/**
 * Answer for a position or a geometry.
 *
 * @param {{register: object, ground: object, locate: Function, datums: {toWgs84: Function}}} tools
 * @param {Request} request
 * @returns {object} the record
 */
export function answer({ register, ground, locate, datums }, request) {
  const assumed = !request.geometry && !request.datum;
  const datum = request.datum || "wgs84";
  const place = (name) => {
    const { lon, lat } = datums.toWgs84(request.lon, request.lat, name);
    return locate(ground, { type: "Point", coordinates: [lon, lat] });
  };
  const location = request.geometry ? locate(ground, request.geometry) : place(datum);
  const shifted = assumed
    ? SHIFTED_DATUMS.map((name) => [name, place(name).district]).filter(([, other]) => other !== location.district)
    : [];
  const given = request.geometry ? { datum } : { lon: request.lon, lat: request.lat, datum };
  const site = {
    id: request.id ?? "1",
    name: request.name ?? "",
    input: { ...given, datum: datum.startsWith("epsg") ? datum.toUpperCase() : datum },
    datumBasis: assumed ? "assumed" : "declared",
    accuracy: request.accuracy === undefined ? 0 : request.accuracy,
    notes: request.notes ?? [],
  };
  return recordOf(register, site, location, register.ask(request.field, request.stage), shifted, request.date);
}

/**
 * Answer for a row of a list.
 *
 * @param {{register: object}} tools
 * @param {object} store of core/store.js
 * @param {number} row
 * @param {string} date
 * @returns {object} the record
 */
export function answerSite({ register }, store, row, date) {
  const site = {
    id: store.id(row),
    name: store.name(row),
    input: { datum: store.datum(row) },
    datumBasis: store.datumBasis(row),
    accuracy: store.accuracy(row),
    notes: store.notes(row).map(([zh, en]) => ({ zh, en })),
  };
  const question = register.ask(store.field(row), store.stage(row));
  const record = recordOf(register, site, store.location(row), question, store.shifted(row), date);
  return store.sample ? { ...record, sample: true } : record;
}

function recordOf(register, site, location, question, shifted, date) {
  const judge = (district) => verdict(register, district, question, date);
  const { district } = location;
  const said = judge(district);
  const others = location.possible.filter((one) => one !== (district ?? OUTSIDE));
  const alternatives = Object.fromEntries(others.map((one) => [one, judge(one === OUTSIDE ? null : one)]));
  const moved = shifted.map(([datum, other]) => [datum, other, judge(other)]);
  const judgement = { question, verdict: said, alternatives, shifted: moved, accuracy: site.accuracy };
  const unknownField = question.unknown.some((one) => one.column === "field");
  const measures = unknownField ? [] : register.measures(district, question.term, date);
  return {
    id: site.id,
    name: site.name,
    lon: rounded(location.lon, 7),
    lat: rounded(location.lat, 7),
    datum: "wgs84",
    input: site.input,
    datum_basis: site.datumBasis,
    if_datum: moved.map(([datum, other, { match, force }]) => ({
      datum, district: other, ...named(register, "district", other), match, force,
    })),
    position_accuracy_m: site.accuracy,
    district,
    ...named(register, "district", district),
    shares: Object.fromEntries(Object.entries(location.shares).map(([one, share]) => [one, rounded(share, 6)])),
    certainty: location.certainty,
    boundary_distance_m: location.distance === null ? null : rounded(location.distance, 1),
    possible: location.possible,
    alternatives: Object.entries(alternatives).map(([one, { match, force }]) => ({ district: one, match, force })),
    ...areas(location.areaM2),
    ...asked(register, question),
    match: said.match,
    force: said.force,
    basis: said.basis,
    designations: said.designations.map((one) => designationRecord(register, one)),
    elsewhere: said.elsewhere.map((one) => elsewhereRecord(register, one)),
    unrecognised: question.unknown.map(({ suggestionsEn, ...one }) => ({ ...one, suggestions_en: suggestionsEn })),
    notes: site.notes,
    measures: measures.map((one) => one.id),
    measures_in_part: measures.filter((one) => one.coverage === "part").map((one) => one.id),
    explanation: {
      zh: explain(register, location, judgement, date, "zh"),
      en: explain(register, location, judgement, date, "en"),
    },
  };
}

function named(register, key, id) {
  const place = id === null ? null : register.place(id);
  return { [`${key}_zh`]: place?.zh ?? null, [`${key}_en`]: place?.en ?? null };
}

function areas(m2) {
  if (m2 === null) return { area_ha: null, area_mu: null };
  return { area_ha: rounded(m2 / M2_PER_HA, 4), area_mu: rounded(m2 / M2_PER_HA / HA_PER_MU, 3) };
}

function asked(register, { fieldQuery, stageQuery, term: id, stage }) {
  const term = id === null ? null : register.term(id);
  return {
    field: term && register.topField(id),
    term: id,
    term_zh: term && term.zh,
    term_en: term && term.en,
    field_query: fieldQuery,
    stage,
    stage_query: stageQuery,
  };
}

function designationRecord(register, one) {
  const said = register.designation(one.id);
  const instrument = register.instrument(said.instrument);
  const place = register.place(said.place);
  const note = (lang) => said[`note_${lang}`] || (place.located ? null : place[`note_${lang}`]);
  return {
    id: one.id,
    role_zh: said.role_zh,
    role_en: said.role_en,
    instrument: instrument.id,
    instrument_zh: instrument.title_zh,
    instrument_en: instrument.title_en,
    instrument_short_zh: instrument.short_zh,
    document_number: instrument.document_number,
    clause: said.clause,
    clause_en: said.clause_en,
    fields: said.fields,
    stages: one.stages,
    kind: said.kind,
    place: place.id,
    ...named(register, "place", place.id),
    located: place.located,
    decides: one.decides,
    basis: one.basis,
    coverage: one.coverage,
    parts: one.parts,
    former: one.former,
    force: one.force,
    from: instrument.from,
    to: instrument.to,
    to_basis: instrument.to_basis,
    note_zh: note("zh"),
    note_en: note("en"),
  };
}

function elsewhereRecord(register, one) {
  const said = register.designation(one.id);
  return {
    district: said.place,
    ...named(register, "district", said.place),
    role_zh: said.role_zh,
    role_en: said.role_en,
    instrument: said.instrument,
    instrument_short_zh: register.instrument(said.instrument).short_zh,
    clause: said.clause,
    clause_en: said.clause_en,
    id: one.id,
    basis: one.basis,
    stages: one.stages,
    stage_fits: one.stageFits,
    force: one.force,
  };
}
