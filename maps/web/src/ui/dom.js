const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element. Text becomes text nodes only, so nothing in it can act as markup.
 *
 * @param {string} tag
 * @param {object} [props] `class`, `style` (object), `data` (object), `on` (event to listener), `value`, `checked`,
 *   `disabled`, `hidden`, any other attribute by its name; null, undefined and false leave an attribute out
 * @param {...(Node|string|number|Array|null|undefined|false)} children
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
  return dressed(document.createElement(tag), props, children);
}

/** Makes an SVG element, like `h`. */
export function s(tag, props, ...children) {
  return dressed(document.createElementNS(SVG, tag), props, children);
}

/** Empties an element and fills it anew. */
export function fill(element, ...children) {
  element.replaceChildren(...flat(children));
  return element;
}

function flat(children) {
  return children
    .flat(Infinity)
    .filter((one) => one !== null && one !== undefined && one !== false)
    .map((one) => (one instanceof Node ? one : document.createTextNode(String(one))));
}

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "indeterminate", "selected", "open"]);

function dressed(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined) continue;
    if (name === "class") element.setAttribute("class", value);
    else if (name === "style") for (const [key, each] of Object.entries(value)) element.style.setProperty(key, each);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (PROPERTIES.has(name)) element[name] = value;
    else if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...flat(children));
  return element;
}
