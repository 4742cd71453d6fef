/**
 * The page's state as a short, readable URL fragment, and back. What comes back is checked key by
 * key: a fragment is text from anywhere, so whatever does not fit is left out.
 */

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ID = /^[a-z0-9][a-z0-9_:-]{0,63}$/i;
const DATUMS = ["wgs84", "cgcs2000", "gcj02", "bd09", "epsg:4547"];
const MATCHES = ["designated", "stage_elsewhere", "elsewhere", "silent", "outside", "not_asked", "unrecognised"];
const FORCES = ["in_force", "lapsed", "not_yet", "draft", "none"];
const LONGEST_HASH = 4000;
const LONGEST_TEXT = 120;
const MOST_IDS = 100;
const MOST_WEIGHT = 100;

/** Words of the ask box, in the order of the fragment. */
const WORDS = [["q", "text"], ["field", "field"], ["stage", "stage"]];
const LISTS = [["match", "match"], ["force", "force"], ["in", "district"], ["fields", "field"], ["stages", "stage"]];

/** Keys of the state that a link carries. */
export const LINKED = Object.freeze([
  "date", "compareDate", "theme", "overlays", "siteColour", "filters", "ask", "selection", "list", "lang", "scheme", "tableOpen",
  "weights",
]);

/**
 * A link's fragment.
 *
 * @param {object} state keys of `LINKED`, and `view` {lat, lon, zoom}; missing keys are left out
 * @returns {string} "#…", "" when there is nothing to say
 */
export function encode(state) {
  const pairs = [];
  const add = (key, value) => {
    if (value !== null && value !== undefined && value !== "") pairs.push(`${key}=${escape(String(value))}`);
  };
  const { view, ask, selection, filters } = state;
  if (view) add("map", [view.lat.toFixed(5), view.lon.toFixed(5), Number(view.zoom.toFixed(2))].join(","));
  add("date", state.date);
  add("vs", state.compareDate);
  add("theme", state.theme);
  if (state.overlays) add("on", state.overlays.join(",") || "none");
  add("colour", state.siteColour);
  const isPoint = selection?.kind === "point";
  const question = isPoint ? { ...ask, ...selection } : ask;
  if (isPoint) add("at", `${plain(selection.lon)},${plain(selection.lat)}`);
  if (selection?.kind === "district") add("district", selection.id);
  if (selection?.kind === "site" && selection.list === "file") add("site", selection.row + 1);
  if (question && selection?.kind !== "site") {
    if (question.datum && (question.datum !== "wgs84" || isPoint)) add("datum", question.datum);
    for (const [key, name] of WORDS) add(key, isPoint && key === "q" ? null : question[name]);
  }
  if (filters) {
    for (const [key, name] of LISTS) add(key, filters[name]?.join(","));
    add("find", filters.text);
  }
  add("lang", state.lang);
  add("scheme", state.scheme);
  if (state.tableOpen) add("table", 1);
  if (state.weights) add("weights", Object.entries(state.weights).map(([id, weight]) => `${id}:${weight}`).join(","));
  return pairs.length ? `#${pairs.join("&")}` : "";
}

/**
 * The state that a fragment asks for; only what is well formed and, where `known` names it, known.
 *
 * @param {string} hash
 * @param {{themes?: string[], overlays?: string[], districts?: string[], terms?: string[], stages?: string[], sites?: number,
 *   criteria?: string[]}} [known] `criteria`: those of the page's ranking, in order
 * @returns {object} some keys of `LINKED` and `view`; {} for a fragment that says nothing usable
 */
export function decode(hash, known = {}) {
  const found = parse(hash);
  const state = {};
  const put = (key, value) => {
    if (value !== null && value !== undefined) state[key] = value;
  };
  put("view", viewOf(found.get("map")));
  put("date", day(found.get("date")));
  put("compareDate", day(found.get("vs")));
  put("theme", oneOf(found.get("theme"), known.themes));
  put("overlays", found.get("on") === "none" ? [] : list(found.get("on"), known.overlays));
  put("siteColour", oneOf(found.get("colour"), ["match", "force", ...(known.criteria ? ["rank"] : [])]));
  put("filters", filtersOf(found, known));
  put("lang", oneOf(found.get("lang"), ["zh", "en"]));
  put("scheme", oneOf(found.get("scheme"), ["auto", "light", "dark"]));
  if (found.get("table") === "1") state.tableOpen = true;
  put("weights", weightsOf(found.get("weights"), known.criteria));
  Object.assign(state, asked(found, known));
  return state;
}

/** Pairs of a fragment; the first of a key counts. */
function parse(hash) {
  const pairs = new Map();
  const text = String(hash ?? "").replace(/^#/, "");
  if (text.length > LONGEST_HASH) return pairs;
  for (const piece of text.split("&")) {
    const at = piece.indexOf("=");
    if (at < 1) continue;
    const key = piece.slice(0, at);
    const value = unescapeText(piece.slice(at + 1));
    if (value !== null && !pairs.has(key)) pairs.set(key, value);
  }
  return pairs;
}

function asked(found, known) {
  const ask = {
    text: words(found.get("q")) ?? "",
    datum: oneOf(found.get("datum"), DATUMS) ?? "wgs84",
    field: words(found.get("field")) ?? "",
    stage: words(found.get("stage")) ?? "",
  };
  const at = pair(found.get("at"));
  const district = oneOf(found.get("district"), known.districts);
  const site = /^[1-9]\d{0,7}$/.test(found.get("site") ?? "") ? Number(found.get("site")) - 1 : null;
  const said = ask.text || ask.field || ask.stage || found.has("datum");
  if (at && fits(at, ask.datum)) {
    const text = at.map(plain).join(", ");
    return { ask: { ...ask, text }, selection: { kind: "point", lon: at[0], lat: at[1], datum: ask.datum, text, field: ask.field, stage: ask.stage } };
  }
  const state = said ? { ask } : {};
  if (district) state.selection = { kind: "district", id: district };
  else if (site !== null && site < (known.sites ?? Infinity)) Object.assign(state, { selection: { kind: "site", list: "file", row: site } });
  return state;
}

function filtersOf(found, known) {
  const allowed = { match: MATCHES, force: FORCES, district: known.districts && [...known.districts, "outside"], field: known.terms, stage: known.stages };
  const filters = { match: [], force: [], district: [], field: [], stage: [], text: "" };
  let any = false;
  for (const [key, name] of LISTS) {
    const ids = list(found.get(key), allowed[name]);
    if (ids?.length) {
      filters[name] = ids;
      any = true;
    }
  }
  const text = words(found.get("find"));
  if (text) {
    filters.text = text;
    any = true;
  }
  return any ? filters : null;
}

/** Weights of all criteria, in their order, or null. */
function weightsOf(text, criteria) {
  if (!text || !criteria) return null;
  const pieces = text.split(",").map((one) => one.split(":"));
  const named = new Map(pieces.map(([id, weight]) => [id, finite(weight)]));
  const weights = criteria.map((id) => named.get(id) ?? null);
  const isWhole = pieces.length === criteria.length && weights.every((one) => one !== null && one >= 0 && one <= MOST_WEIGHT);
  return isWhole && weights.some((one) => one > 0) ? Object.fromEntries(criteria.map((id, at) => [id, weights[at]])) : null;
}

function viewOf(text) {
  const numbers = (text ?? "").split(",").map(finite);
  const [lat, lon, zoom] = numbers;
  if (numbers.length !== 3 || numbers.includes(null)) return null;
  return Math.abs(lat) <= 85 && Math.abs(lon) <= 180 && zoom >= 1 && zoom <= 22 ? { lat, lon, zoom } : null;
}

function pair(text) {
  const numbers = (text ?? "").split(",").map(finite);
  return numbers.length === 2 && !numbers.includes(null) ? numbers : null;
}

function fits([x, y], datum) {
  return datum === "epsg:4547" ? Math.abs(x) < 1e8 && Math.abs(y) < 1e8 : Math.abs(x) <= 180 && Math.abs(y) <= 90;
}

function finite(text) {
  return /^-?\d{1,9}(\.\d{1,12})?$/.test(text) ? Number(text) : null;
}

function day(text) {
  if (!DAY.test(text ?? "")) return null;
  const [year, month, date] = text.split("-").map(Number);
  const made = new Date(Date.UTC(year, month - 1, date));
  const same = made.getUTCFullYear() === year && made.getUTCMonth() === month - 1 && made.getUTCDate() === date;
  return same && year >= 1900 && year <= 2200 ? text : null;
}

function oneOf(text, allowed) {
  if (typeof text !== "string" || !ID.test(text)) return null;
  return !allowed || allowed.includes(text) ? text : null;
}

function list(text, allowed) {
  if (!text) return null;
  const ids = [...new Set(text.split(","))].filter((id) => oneOf(id, allowed));
  return ids.length ? ids.slice(0, MOST_IDS) : null;
}

/** Text of people: short, of one line. */
function words(text) {
  if (typeof text !== "string") return null;
  const tidy = [...text].filter((mark) => mark >= " " && mark !== "\u007f").join("").trim();
  return tidy && tidy.length <= LONGEST_TEXT ? tidy : null;
}

function plain(value) {
  return String(Number(Number(value).toFixed(7)));
}

/** Only what would break a fragment is escaped, so that Chinese and commas stay readable. */
function escape(text) {
  return text.replace(/[\s%&=#"'<>`\\{}|^[\]]/gu, encodeURIComponent).replace(/'/g, "%27");
}

function unescapeText(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
