/**
 * Well-known text to GeoJSON geometry and back. Heights and measures are left out.
 */

const KINDS = {
  POINT: { type: "Point", depth: 0 },
  LINESTRING: { type: "LineString", depth: 1 },
  POLYGON: { type: "Polygon", depth: 2 },
  MULTIPOINT: { type: "MultiPoint", depth: 1 },
  MULTILINESTRING: { type: "MultiLineString", depth: 2 },
  MULTIPOLYGON: { type: "MultiPolygon", depth: 3 },
};
const DEEPEST = 50; // parentheses
const TOKEN = /\s*([A-Za-z]+|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[(),]|\S)/y;

/** Why a text is no geometry. */
export class WktError extends Error {}

/**
 * Reads a geometry.
 *
 * @param {string} text such as `SRID=4490;POINT (113.85 22.70)`
 * @returns {{geometry: object, code: number|null}} `code`: EPSG code that the text names
 * @throws {WktError}
 */
export function readWkt(text) {
  const [, code, shape] = /^\s*(?:SRID\s*=\s*(\d+)\s*;)?([^]*)$/i.exec(text);
  const tokens = new Tokens(shape);
  const geometry = readGeometry(tokens, 0);
  if (tokens.peek() !== null) throw new WktError(`Unexpected text after the end: ${tokens.peek()}`);
  return { geometry, code: code ? Number(code) : null };
}

class Tokens {
  #text;
  #next = null;

  constructor(text) {
    this.#text = text;
    this.at = 0;
    this.take();
  }

  peek() {
    return this.#next;
  }

  take() {
    const taken = this.#next;
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.#text);
    this.#next = found ? found[1] : null;
    this.at = found ? TOKEN.lastIndex : this.#text.length;
    return taken;
  }

  expect(wanted) {
    const taken = this.take();
    if (taken !== wanted) throw new WktError(`Expected ${wanted} but found ${taken ?? "the end"}`);
  }
}

function readGeometry(tokens, deep) {
  if (deep > DEEPEST) throw new WktError("nested too deep");
  const word = String(tokens.take() ?? "").toUpperCase();
  const kind = word.replace(/(ZM|Z|M)$/, "");
  if (/^(Z|M|ZM)$/i.test(tokens.peek() ?? "")) tokens.take();
  const isEmpty = /^EMPTY$/i.test(tokens.peek() ?? "");
  if (isEmpty) tokens.take();
  if (kind === "GEOMETRYCOLLECTION") {
    return { type: "GeometryCollection", geometries: isEmpty ? [] : listOf(tokens, () => readGeometry(tokens, deep + 1)) };
  }
  if (!Object.hasOwn(KINDS, kind)) throw new WktError(`Unknown type: '${word}'`);
  const { type, depth } = KINDS[kind];
  return { type, coordinates: isEmpty ? [] : readNested(tokens, depth, type) };
}

function readNested(tokens, depth, type) {
  if (depth) return listOf(tokens, () => readLevel(tokens, depth - 1, type));
  tokens.expect("(");
  const position = readPosition(tokens);
  tokens.expect(")");
  return position;
}

function readLevel(tokens, depth, type) {
  if (depth) return /^EMPTY$/i.test(tokens.peek() ?? "") ? (tokens.take(), []) : listOf(tokens, () => readLevel(tokens, depth - 1, type));
  if (type !== "MultiPoint" || tokens.peek() !== "(") return readPosition(tokens);
  tokens.take();
  const position = readPosition(tokens);
  tokens.expect(")");
  return position;
}

function listOf(tokens, read) {
  tokens.expect("(");
  const found = [read()];
  while (tokens.peek() === ",") {
    tokens.take();
    found.push(read());
  }
  tokens.expect(")");
  return found;
}

function readPosition(tokens) {
  const numbers = [];
  while (tokens.peek() !== null && /^[-+.\d]/.test(tokens.peek())) numbers.push(Number(tokens.take()));
  if (numbers.length < 2 || numbers.length > 4) {
    throw new WktError(`Expected number but found ${tokens.peek() ?? "the end"}`);
  }
  if (!numbers.every(Number.isFinite)) throw new WktError("a coordinate is not finite");
  return numbers.slice(0, 2);
}

/** A geometry as text, every digit kept. */
export function toWkt(geometry) {
  if (geometry.type === "GeometryCollection") {
    return geometry.geometries.length ? `GEOMETRYCOLLECTION (${geometry.geometries.map(toWkt).join(", ")})` : "GEOMETRYCOLLECTION EMPTY";
  }
  const { depth } = KINDS[geometry.type.toUpperCase()];
  const kind = geometry.type.toUpperCase();
  if (!geometry.coordinates.length) return `${kind} EMPTY`;
  const brackets = geometry.type === "MultiPoint";
  return `${kind} ${written(geometry.coordinates, depth, brackets)}`;
}

function written(part, depth, brackets) {
  if (depth) return `(${part.map((one) => (depth > 1 ? written(one, depth - 1) : brackets ? `(${place(one)})` : place(one))).join(", ")})`;
  return `(${place(part)})`;
}

const place = (position) => position.slice(0, 2).join(" ");
