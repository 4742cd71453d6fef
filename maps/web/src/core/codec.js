/**
 * Packed columns of the page: base64 of zlib-deflated bytes, which hold either UTF-8 JSON or
 * whole numbers (differences, zigzag, LEB128). Numbers go to 2^53, so values are never put
 * through 32-bit operators.
 */

/**
 * Bytes of a packed column.
 *
 * @param {string} base64 zlib-deflated bytes as base64
 * @returns {Promise<Uint8Array>}
 */
export async function inflate(base64) {
  const { readable, writable } = new DecompressionStream("deflate");
  const writer = writable.getWriter();
  // a fault shows at the end that is read
  writer.write(bytesOf(base64)).catch(() => {});
  writer.close().catch(() => {});
  return new Uint8Array(await new Response(readable).arrayBuffer());
}

/** Bytes of base64, by the browser's own reader where it has one. */
function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const binary = atob(base64);
  const found = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) found[at] = binary.charCodeAt(at);
  return found;
}

/**
 * Whole numbers of a packed column.
 *
 * @param {string} base64 as `pack` of the Python side makes it
 * @returns {Promise<Float64Array>}
 */
export async function unpack(base64) {
  return summed(differences(await inflate(base64)), 1);
}

/**
 * Pairs of whole numbers, x and y in turn, whose differences run along each axis.
 *
 * @param {string} base64
 * @returns {Promise<Float64Array>} x0, y0, x1, y1, …
 */
export async function unpackPairs(base64) {
  const found = differences(await inflate(base64));
  if (found.length % 2) throw new RangeError("packed pairs: a y is missing");
  return summed(found, 2);
}

/**
 * Texts of a packed column.
 *
 * @param {string} base64 a JSON array of strings, deflated
 * @returns {Promise<string[]>}
 */
export async function text(base64) {
  return JSON.parse(new TextDecoder().decode(await inflate(base64)));
}

/** Signed differences from varint bytes. */
function differences(bytes) {
  if (bytes.length && bytes[bytes.length - 1] > 127) throw new RangeError("packed numbers: the last one is cut off");
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] < 128) count += 1;
  const found = new Float64Array(count);
  let number = 0;
  let scale = 1;
  let next = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte > 127) {
      number += (byte - 128) * scale;
      scale *= 128;
    } else {
      number += byte * scale;
      found[next] = number % 2 ? -(number + 1) / 2 : number / 2;
      next += 1;
      number = 0;
      scale = 1;
    }
  }
  return found;
}

/** Running sums in place, over every `step`-th number. */
function summed(numbers, step) {
  for (let at = step; at < numbers.length; at += 1) numbers[at] += numbers[at - step];
  return numbers;
}
