import { choiceOf, once, openChoice, openJson, openNumbers, openTexts } from "./columns.js";

const POSITION_PARTS = 1e7;
const M2_PER_HA = 1e4;
const MU_PER_HA = 15;
const CHOICES = [
  "district", "field", "stage", "certainty", "possible", "shares", "datum", "datum_basis", "accuracy", "notes", "shifted",
];

/**
 * A list of sites as columns; rows count from 0.
 *
 * Positions are WGS84 degrees. `districtAt`, `fieldAt`, `stageAt` and `certaintyAt` give the place of each row's
 * value in `districts` (null: outside), `fields`, `stages` (the words as given, null: none) and `certainties`.
 */
export class Store {
  #columns;

  /** @param {object} columns as `decodeSites` and `makeStore` put them together */
  constructor(columns) {
    this.#columns = columns;
    this.count = columns.count;
    this.source = columns.source ?? null;
    this.sample = Boolean(columns.sample);
    this.own = columns.own ?? [];
    this.lon = columns.lon;
    this.lat = columns.lat;
  }

  get districts() {
    return this.#columns.district.values();
  }

  get districtAt() {
    return this.#columns.district.at();
  }

  get fields() {
    return this.#columns.field.values();
  }

  get fieldAt() {
    return this.#columns.field.at();
  }

  get stages() {
    return this.#columns.stage.values();
  }

  get stageAt() {
    return this.#columns.stage.at();
  }

  get certainties() {
    return this.#columns.certainty.values();
  }

  get certaintyAt() {
    return this.#columns.certainty.at();
  }

  /** Every id, by row. */
  get ids() {
    return this.#columns.id.all();
  }

  /** Every name, by row. */
  get names() {
    return this.#columns.name.all();
  }

  /** Metres to the nearest border by row, below 0 where none is known. */
  get distances() {
    return this.#columns.distance();
  }

  /** Rows with an outline, ascending. */
  get areal() {
    return this.#columns.geometry.rows();
  }

  id(row) {
    return this.#columns.id.of(row);
  }

  name(row) {
    return this.#columns.name.of(row);
  }

  /** Number of the row in its file. */
  row(row) {
    return this.#columns.row()[row];
  }

  district(row) {
    return this.#pick("district", row);
  }

  field(row) {
    return this.#pick("field", row);
  }

  stage(row) {
    return this.#pick("stage", row);
  }

  certainty(row) {
    return this.#pick("certainty", row);
  }

  possible(row) {
    return this.#pick("possible", row) ?? [];
  }

  datum(row) {
    return this.#pick("datum", row);
  }

  datumBasis(row) {
    return this.#pick("datum_basis", row);
  }

  /** Metres that the position may be off; null: not known. */
  accuracy(row) {
    return this.#pick("accuracy", row);
  }

  /** @returns {Array<[string, string]>} what was repaired or looks odd, Chinese and English */
  notes(row) {
    return this.#pick("notes", row) ?? [];
  }

  /** @returns {Array<[string, string|null]>} datum and district that an undeclared position would have in it */
  shifted(row) {
    return this.#pick("shifted", row) ?? [];
  }

  /** Metres to the nearest border, null where none is known. */
  distance(row) {
    const metres = this.distances[row];
    return metres < 0 ? null : metres;
  }

  /** Hectares of an outline, null of a point. */
  areaHa(row) {
    return this.#columns.area().ha.get(row) ?? null;
  }

  /** Mu of an outline, null of a point. */
  areaMu(row) {
    return this.#columns.area().mu.get(row) ?? null;
  }

  /** Where the row lies, as core/locate.js would say it. */
  location(row) {
    const district = this.district(row);
    const hectares = this.areaHa(row);
    return {
      district,
      shares: this.#pick("shares", row) ?? { [district ?? "outside"]: 1 },
      certainty: this.certainty(row),
      possible: this.possible(row),
      distance: this.distance(row),
      areaM2: hectares === null ? null : hectares * M2_PER_HA,
      lon: this.lon[row],
      lat: this.lat[row],
    };
  }

  /** The outline as GeoJSON geometry in WGS84, null of a point. */
  geometry(row) {
    return this.#columns.geometry.of(row);
  }

  /** The file's own columns of a row; cells that the row did not have are left out. */
  attributes(row) {
    const found = {};
    for (const name of this.own) {
      const column = this.#columns.attributes.get(name);
      const value = column?.values()[column.at()[row]];
      if (value !== undefined) Object.defineProperty(found, name, { value, enumerable: true, writable: true, configurable: true });
    }
    return found;
  }

  #pick(name, row) {
    const column = this.#columns[name];
    return column.values()[column.at()[row]];
  }
}

/**
 * The list of sites that came with the page.
 *
 * @param {object|null} payload `sites` of the page data; null or of no rows gives an empty list
 * @returns {Promise<Store>}
 */
export async function decodeSites(payload) {
  if (!payload?.count) return makeStore([], { source: payload?.source, own: payload?.own, sample: payload?.sample });
  const { count } = payload;
  const [lon, lat, distance, row, id, name, area, geometry, attributes, ...choices] = await Promise.all([
    openNumbers(payload.lon, { count, parts: POSITION_PARTS }),
    openNumbers(payload.lat, { count, parts: POSITION_PARTS }),
    openNumbers(payload.distance, { count, parts: 10 }),
    openNumbers(payload.row, { count, Kind: Uint32Array }),
    openTexts(payload.id, count),
    openTexts(payload.name, count),
    openArea(payload.area),
    openGeometry(payload.geometry),
    openAttributes(payload.attributes, payload.own, count),
    ...CHOICES.map((one) => openChoice(payload[one], count)),
  ]);
  return new Store({
    count,
    source: payload.source,
    sample: payload.sample,
    own: payload.own,
    lon: lon(),
    lat: lat(),
    distance,
    row,
    id,
    name,
    area,
    geometry,
    attributes,
    ...Object.fromEntries(CHOICES.map((one, at) => [one, choices[at]])),
  });
}

/**
 * A list of sites made in the browser.
 *
 * @param {Array<object>} rows each `{id, name, lon, lat, location, field, stage, datum, datumBasis, notes, geometry,
 *   attributes}`, with `accuracy`, `shifted` and `row` if known; `location` is that of core/locate.js
 * @param {{source?: string, own?: string[], sample?: boolean}} [about]
 * @returns {Store}
 */
export function makeStore(rows, { source = null, own = [], sample = false } = {}) {
  const choice = (read) => choiceOf(rows.map(read));
  const areal = rows.flatMap((one, at) => (isArea(one.geometry) ? [at] : []));
  const hectares = new Map(rows.flatMap((one, at) => (one.location.areaM2 ? [[at, one.location.areaM2 / M2_PER_HA]] : [])));
  const ids = rows.map((one, at) => String(one.id ?? at + 1));
  const names = rows.map((one) => String(one.name ?? ""));
  return new Store({
    count: rows.length,
    source,
    sample,
    own,
    lon: Float64Array.from(rows, (one) => one.lon),
    lat: Float64Array.from(rows, (one) => one.lat),
    distance: once(() => Float64Array.from(rows, (one) => one.location.distance ?? -0.1)),
    row: once(() => Uint32Array.from(rows, (one, at) => one.row ?? at + 1)),
    id: { of: (row) => ids[row], all: () => ids },
    name: { of: (row) => names[row], all: () => names },
    area: once(() => ({ ha: hectares, mu: new Map([...hectares].map(([at, ha]) => [at, ha * MU_PER_HA])) })),
    geometry: { rows: once(() => Uint32Array.from(areal)), of: (row) => (isArea(rows[row].geometry) ? rows[row].geometry : null) },
    attributes: new Map(own.map((name) => [name, choice((one) => (Object.hasOwn(one.attributes ?? {}, name) ? one.attributes[name] : undefined))])),
    district: choice((one) => one.location.district),
    field: choice((one) => one.field || null),
    stage: choice((one) => one.stage || null),
    certainty: choice((one) => one.location.certainty),
    possible: choice((one) => one.location.possible ?? []),
    shares: choice((one) => one.location.shares),
    datum: choice((one) => one.datum ?? "wgs84"),
    datum_basis: choice((one) => one.datumBasis ?? "declared"),
    accuracy: choice((one) => (one.accuracy === undefined ? 0 : one.accuracy)),
    notes: choice((one) => (one.notes ?? []).map((note) => (Array.isArray(note) ? note : [note.zh, note.en]))),
    shifted: choice((one) => one.shifted ?? []),
  });
}

function isArea(geometry) {
  return geometry?.type === "Polygon" || geometry?.type === "MultiPolygon";
}

async function openArea({ rows, ha, mu }) {
  const [at, hectares, mus] = await Promise.all([openNumbers(rows), openNumbers(ha, { parts: 1e4 }), openNumbers(mu, { parts: 1e3 })]);
  const byRow = (values) => new Map(Array.from(at(), (row, number) => [row, values()[number]]));
  return once(() => ({ ha: byRow(hectares), mu: byRow(mus) }));
}

async function openAttributes(packed, own, count) {
  const columns = await Promise.all((own ?? []).map((name) => openChoice(packed[name], count)));
  return new Map((own ?? []).map((name, at) => [name, columns[at]]));
}

async function openGeometry(packed) {
  if (!packed) return { rows: once(() => new Uint32Array(0)), of: () => null };
  const [rows, shape, xy] = await Promise.all([
    openNumbers(packed.rows, { Kind: Uint32Array }),
    openJson(packed.shape),
    openNumbers(packed.xy, { parts: Math.round(1 / packed.scale), axes: 2 }),
  ]);
  const kinds = await openChoice(packed.kinds, rows().length);
  const places = once(() => new Map(Array.from(rows(), (row, number) => [row, number])));
  const starts = once(() => startsOf(shape()));
  const of = (row) => {
    const number = places().get(row);
    if (number === undefined) return null;
    const polygons = polygonsOf(shape()[number], xy(), starts()[number]);
    const type = kinds.values()[kinds.at()[number]];
    return { type, coordinates: type === "Polygon" ? polygons[0] : polygons };
  };
  return { rows, of };
}

/** First vertex of each area among all. */
function startsOf(shape) {
  const starts = new Uint32Array(shape.length);
  let vertex = 0;
  shape.forEach((area, number) => {
    starts[number] = vertex;
    for (const polygon of area) for (const size of polygon) vertex += size;
  });
  return starts;
}

function polygonsOf(area, xy, start) {
  let vertex = start;
  const ring = (size) => {
    const found = Array.from({ length: size }, (_, at) => [xy[2 * (vertex + at)], xy[2 * (vertex + at) + 1]]);
    vertex += size;
    return found;
  };
  return area.map((polygon) => polygon.map(ring));
}
