/** Packed columns of the page are base64 of zlib-deflated bytes; columns.js reads what stands in them. */

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
