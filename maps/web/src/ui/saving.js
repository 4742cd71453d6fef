import { h } from "./dom.js";

const KEPT_MS = 60_000; // long enough for a browser that asks where to save

/**
 * Gives a file to the user, to be saved on this computer.
 *
 * @param {string} name
 * @param {string[]} pieces of its text
 * @param {string} type
 */
export function saveFile(name, pieces, type) {
  const address = URL.createObjectURL(new Blob(pieces, { type: `${type};charset=utf-8` }));
  const link = h("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

/** The name of a file without its ending and without what a file system does not take. */
export function stemOf(name) {
  return name.replace(/\.[^.]*$/, "").replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, "_").slice(0, 80) || "sites";
}
