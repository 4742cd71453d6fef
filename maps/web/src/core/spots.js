import KDBush from "kdbush";

const SPOTS = new WeakMap();

/**
 * Positions of a list on the plane of web maps (Mercator, the world is 1 × 1, y downwards).
 */
export class Spots {
  #index = null;
  #outlines = null;
  #store;

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    const { count, lon, lat } = store;
    this.#store = store;
    this.x = new Float64Array(count);
    this.y = new Float64Array(count);
    for (let row = 0; row < count; row += 1) {
      this.x[row] = acrossOf(lon[row]);
      this.y[row] = downOf(lat[row]);
    }
  }

  /** Builds the index of `near`; without it every row is looked at. */
  prepare() {
    if (this.#index || !this.x.length) return;
    const index = new KDBush(this.x.length);
    for (let row = 0; row < this.x.length; row += 1) index.add(this.x[row], this.y[row]);
    this.#index = index.finish();
  }

  get prepared() {
    return this.#index !== null;
  }

  /**
   * Rows within a distance, the nearest first, of equally near the first.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} radius in widths of the world
   * @param {Uint8Array} [mask] rows to look at
   * @returns {number[]}
   */
  near(x, y, radius, mask = null) {
    const rows = this.#index ? this.#index.within(x, y, radius) : this.#scan(x, y, radius);
    const far = (row) => (this.x[row] - x) ** 2 + (this.y[row] - y) ** 2;
    return rows.filter((row) => !mask || mask[row]).sort((a, b) => far(a) - far(b) || a - b);
  }

  #scan(x, y, radius) {
    const rows = [];
    for (let row = 0; row < this.x.length; row += 1) {
      if ((this.x[row] - x) ** 2 + (this.y[row] - y) ** 2 <= radius * radius) rows.push(row);
    }
    return rows;
  }

  /**
   * Outlines of the rows that have one, made at the first call.
   *
   * @returns {Array<{row: number, box: [number, number, number, number], rings: Float64Array[]}>} rings x, y in turn
   */
  get outlines() {
    this.#outlines ??= Array.from(this.#store.areal, (row) => outlineOf(row, this.#store.geometry(row)));
    return this.#outlines;
  }

  /**
   * Rows whose outline holds a position, the smallest first.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} least outlines narrower and lower than this are left out
   * @param {Uint8Array} [mask]
   * @returns {number[]}
   */
  around(x, y, least, mask = null) {
    const size = ([x0, y0, x1, y1]) => (x1 - x0) * (y1 - y0);
    return this.outlines
      .filter(({ row, box }) => (!mask || mask[row]) && x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3])
      .filter(({ box, rings }) => isShown(box, least) && holds(rings, x, y))
      .sort((one, other) => size(one.box) - size(other.box))
      .map(({ row }) => row);
  }
}

/** Whether an outline is large enough to be drawn as one. */
export function isShown([x0, y0, x1, y1], least) {
  return x1 - x0 >= least || y1 - y0 >= least;
}

/** Positions of a list, made once. */
export function spotsOf(store) {
  if (!SPOTS.has(store)) SPOTS.set(store, new Spots(store));
  return SPOTS.get(store);
}

/** From degrees east to widths of the world. */
export function acrossOf(lon) {
  return lon / 360 + 0.5;
}

/** From degrees north to heights of the world. */
export function downOf(lat) {
  return 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
}

function outlineOf(row, { type, coordinates }) {
  const rings = (type === "Polygon" ? [coordinates] : coordinates).flat().map((ring) => {
    const found = new Float64Array(2 * ring.length);
    ring.forEach(([lon, lat], at) => {
      found[2 * at] = acrossOf(lon);
      found[2 * at + 1] = downOf(lat);
    });
    return found;
  });
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      box[0] = Math.min(box[0], ring[at]);
      box[1] = Math.min(box[1], ring[at + 1]);
      box[2] = Math.max(box[2], ring[at]);
      box[3] = Math.max(box[3], ring[at + 1]);
    }
  }
  return { row, box, rings };
}

/** Whether a position lies inside an odd number of rings. */
function holds(rings, x, y) {
  let inside = false;
  for (const ring of rings) {
    for (let at = 0; at + 3 < ring.length; at += 2) {
      const [x0, y0, x1, y1] = [ring[at], ring[at + 1], ring[at + 2], ring[at + 3]];
      if (y0 > y !== y1 > y && x < x0 + ((x1 - x0) * (y - y0)) / (y1 - y0)) inside = !inside;
    }
  }
  return inside;
}
