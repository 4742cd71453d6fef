/** Packs as the Python side does, for tests. */

import { deflateSync } from "node:zlib";

/** Differences of every `step`-th number, zigzag, LEB128, deflate, base64. */
export function pack(numbers, step = 1) {
  const bytes = [];
  numbers.forEach((number, at) => {
    const difference = BigInt(number) - BigInt(numbers[at - step] ?? 0);
    let left = difference < 0n ? -2n * difference - 1n : 2n * difference;
    for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
    bytes.push(Number(left));
  });
  return deflateSync(Uint8Array.from(bytes)).toString("base64");
}

export const packText = (texts) => deflateSync(Buffer.from(JSON.stringify(texts))).toString("base64");

/** An `AREAS` payload of areas given as polygons of rings of [x, y], at a scale of whole numbers to a unit. */
export function packAreas(areas, scale) {
  return {
    shape: areas.map((area) => area.map((polygon) => polygon.map((ring) => ring.length))),
    xy: pack(areas.flat(4).map((number) => Math.round(number * scale)), 2),
  };
}
