/** What the script of the ranking uses of the page's; it is bundled without these, and finds them in `window.parksite`. */

export { openJson } from "./core/columns.js";
export { makeSchema } from "./core/schema.js";
export { csvText } from "./core/tables.js";
export { copyText } from "./ui/clipboard.js";
export { fill, h } from "./ui/dom.js";
export { icon } from "./ui/icons.js";
export { row } from "./ui/legend.js";
export { number } from "./ui/phrases.js";
export { saveFile } from "./ui/saving.js";
export { symbol } from "./ui/symbols.js";
export { bringIntoSight } from "./ui/views.js";
