import { h } from "./dom.js";

/**
 * Puts text on the clipboard. Pages opened from a file may lack the permission; then the text is
 * selected in a hidden box and copied the older way.
 *
 * @param {string} text
 * @returns {Promise<boolean>} whether it worked
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const before = document.activeElement;
  const box = h("textarea", { class: "ps-live", "aria-hidden": "true", tabindex: "-1", readonly: true, value: text });
  document.body.append(box);
  box.select();
  let done;
  try {
    done = document.execCommand("copy");
  } catch {
    done = false;
  }
  box.remove();
  before?.focus?.({ preventScroll: true });
  return done;
}
