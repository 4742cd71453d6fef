import { inflate } from "./codec.js";

/**
 * Columns of a packed list: their bytes are inflated at once, their numbers and words are
 * read when first asked for, so that the first picture waits for positions only.
 */

const LINE_END = 10;
const HEAD = 60; // characters within which the head of packed numbers ends

/** A function that makes its value at the first call and keeps it. */
export function once(make) {
  let made;
  let done = false;
  return () => {
    if (!done) {
      made = make();
      done = true;
    }
    return made;
  };
}

/**
 * A column that names one of few values for each row.
 *
 * @typedef {object} Choice
 * @property {() => any[]} values each distinct value once
 * @property {() => Uint8Array|Uint16Array|Uint32Array} at place of each row's value among them
 */

/**
 * Opens a column of few distinct values.
 *
 * @param {{values: any[]|string, at: string|null}} packed values as JSON or deflated JSON; without `at` all rows hold the first
 * @param {number} count rows
 * @returns {Promise<Choice>}
 */
export async function openChoice(packed, count) {
  const [values, read] = await Promise.all([openJson(packed.values), packed.at === null ? null : openPacked(packed.at)]);
  const at = once(() => {
    const Kind = indexKind(values().length);
    return read ? read(Kind, count) : new Kind(count);
  });
  return { values, at };
}

/**
 * Opens a column of whole numbers.
 *
 * @param {string} packed
 * @param {object} [how]
 * @param {number|null} [how.count] how many they are, null for as many as there are
 * @param {Function} [how.Kind] typed array that holds them
 * @param {number} [how.parts] each number is divided by this
 * @param {1|2} [how.axes] 2: pairs, each axis with differences of its own
 * @returns {Promise<() => Float64Array>}
 */
export async function openNumbers(packed, { count = null, Kind = Float64Array, parts = 1, axes = 1 } = {}) {
  const read = await openPacked(packed);
  return once(() => read(Kind, count, { axes, parts }));
}

/**
 * Opens a list of numbers, which stand in differences or, with a head `width,smallest,step:`, in planes.
 *
 * @param {string} packed
 * @returns {Promise<(Kind: Function, count: number|null, how?: {axes?: number, parts?: number}) => object>}
 */
async function openPacked(packed) {
  const colon = packed.slice(0, HEAD).indexOf(":");
  const bytes = await inflate(packed.slice(colon + 1));
  if (colon < 0) return (Kind, count, how = {}) => wholeNumbers(bytes, Kind, count ?? countOf(bytes), how);
  const [width, smallest, step] = packed.slice(0, colon).split(",").map(Number);
  return (Kind, count, { parts = 1 } = {}) => planes(bytes, Kind, { count: count ?? bytes.length / width, width, smallest, step, parts });
}

/** Numbers whose lowest bytes come first, all of them, then the next higher ones. */
function planes(bytes, Kind, { count, width, smallest, step, parts }) {
  if (bytes.length !== count * width) throw new RangeError("packed numbers: not as many as there should be");
  if (Kind === Uint8Array && width === 1 && smallest === 0 && step === 1 && parts === 1) return bytes;
  const found = new Kind(count);
  const second = width > 1 ? count : 0;
  const third = width > 2 ? 2 * count : 0;
  for (let row = 0; row < count; row += 1) {
    let number = bytes[row];
    if (second) number |= bytes[row + second] << 8;
    if (third) number |= bytes[row + third] << 16;
    if (width > 3) number += above(bytes, row, count, width);
    found[row] = (smallest + step * number) / parts;
  }
  return found;
}

/** What the bytes of a number are worth from the fourth on; it may be more than an integer of the machine holds. */
function above(bytes, row, count, width) {
  let number = 0;
  for (let plane = width - 1; plane > 2; plane -= 1) number = number * 256 + bytes[plane * count + row];
  return number * 2 ** 24;
}

/**
 * Opens JSON that stands as it is or deflated.
 *
 * @param {any} packed text is deflated JSON
 * @returns {Promise<() => any>}
 */
export async function openJson(packed) {
  if (typeof packed !== "string") return () => packed;
  const bytes = await inflate(packed);
  return once(() => JSON.parse(new TextDecoder().decode(bytes)));
}

/**
 * A column of texts.
 *
 * @typedef {object} Texts
 * @property {(row: number) => string} of
 * @property {() => string[]} all
 */

/**
 * Opens a column of texts: a list, a long list in blocks, or one head and a number for each.
 *
 * @param {string|string[]|{size: number, blocks: string}|{head: string, digits: number, numbers: string}} packed
 * @param {number} count rows
 * @returns {Promise<Texts>}
 */
export async function openTexts(packed, count) {
  if (typeof packed === "string" || Array.isArray(packed)) {
    const all = await openJson(packed);
    return { of: (row) => all()[row], all };
  }
  if (packed.blocks !== undefined) return textsInBlocks(await inflate(packed.blocks), packed.size);
  const { head, digits } = packed;
  const numbers = await openNumbers(packed.numbers, { count });
  const of = (row) => head + String(numbers()[row]).padStart(digits, "0");
  return { of, all: once(() => Array.from({ length: count }, (_, row) => of(row))) };
}

/** Texts that stand as lines of JSON, `size` of them a line; a line is read when one of its texts is asked for. */
function textsInBlocks(bytes, size) {
  const ends = once(() => {
    const found = [-1];
    for (let at = bytes.indexOf(LINE_END); at >= 0; at = bytes.indexOf(LINE_END, at + 1)) found.push(at);
    return [...found, bytes.length];
  });
  const known = new Map();
  const block = (number) => {
    if (!known.has(number)) known.set(number, JSON.parse(new TextDecoder().decode(bytes.subarray(ends()[number] + 1, ends()[number + 1]))));
    return known.get(number);
  };
  return {
    of: (row) => block(Math.floor(row / size))[row % size],
    all: once(() => Array.from({ length: ends().length - 1 }, (_, number) => block(number)).flat()),
  };
}

/** The column of values held in memory. */
export function choiceOf(values) {
  const places = new Map();
  const distinct = [];
  const found = new Uint32Array(values.length);
  values.forEach((value, row) => {
    const key = typeof value === "object" && value !== null ? `\u0000${JSON.stringify(value)}` : value;
    let place = places.get(key);
    if (place === undefined) {
      place = distinct.length;
      places.set(key, place);
      distinct.push(value);
    }
    found[row] = place;
  });
  const at = indexKind(distinct.length).from(found);
  return { values: () => distinct, at: () => at };
}

function indexKind(size) {
  if (size <= 256) return Uint8Array;
  return size <= 65536 ? Uint16Array : Uint32Array;
}

function countOf(bytes) {
  let count = 0;
  for (const byte of bytes) if (byte < 128) count += 1;
  return count;
}

/**
 * Running sums of packed differences. A difference of up to 28 bits is put together with
 * integers, which is what nearly all are; a longer one with floating point.
 */
function wholeNumbers(bytes, Kind, count, { axes = 1, parts = 1 }) {
  const found = new Kind(count);
  const size = bytes.length;
  let sum = 0;
  let other = 0;
  let at = 0;
  for (let row = 0; row < count; row += 1) {
    let bits = 0;
    let shift = 0;
    let byte = 128;
    while (at < size && shift < 28) {
      byte = bytes[at];
      at += 1;
      bits |= (byte & 127) << shift;
      shift += 7;
      if (byte < 128) break;
    }
    let step;
    if (byte < 128) {
      step = (bits >>> 1) ^ -(bits & 1);
    } else {
      let number = bits;
      let scale = 2 ** shift;
      while (at < size && byte > 127) {
        byte = bytes[at];
        at += 1;
        number += (byte & 127) * scale;
        scale *= 128;
      }
      if (byte > 127) throw new RangeError("packed numbers: fewer than there should be");
      step = number % 2 ? -(number + 1) / 2 : number / 2;
    }
    const next = sum + step;
    found[row] = next / parts;
    sum = axes === 2 ? other : next;
    other = next;
  }
  if (at !== size) throw new RangeError("packed numbers: more than there should be");
  return found;
}
