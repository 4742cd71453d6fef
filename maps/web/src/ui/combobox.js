import { fill, h, s } from "./dom.js";

const ROOM_WANTED = 260;
const TALLEST = 400;
const PAGE = 8;
let count = 0;

/**
 * A text box with a list that follows what is typed (ARIA 1.2 combobox with a listbox).
 *
 * @typedef {object} Option
 * @property {*} value what `onPick` gets
 * @property {string} zh
 * @property {string} en
 * @property {string|{zh: string, en: string}} [hint] shown beside the name
 * @property {string|{zh: string, en: string}} [group] options of one group follow each other
 * @property {number} [depth] steps to the right, for a tree
 * @property {boolean} [strong] a head of a tree
 * @property {Node} [mark] drawn before the name
 *
 * @param {object} spec
 * @param {{lang: string, say: function, announce: function}} spec.app
 * @param {string} [spec.id] id of the input
 * @param {HTMLElement} [spec.host] where to put it
 * @param {{zh: string, en: string}} spec.label
 * @param {boolean} [spec.labelHidden] the label is read, not shown
 * @param {{zh: string, en: string}} [spec.placeholder]
 * @param {(query: string) => Option[]} spec.options "" asks for all
 * @param {(value: *, option: Option) => void} spec.onPick
 * @param {(text: string, done: boolean) => void} [spec.onText] text that is no option; `done` after Enter, leaving or clearing
 * @param {boolean} [spec.free] text that is no option may stay
 * @param {boolean} [spec.keep] the text stays after a pick (default true)
 * @param {Node} [spec.before] drawn inside the box, at its start
 * @returns {{element: HTMLElement, input: HTMLInputElement, set: function, clear: function, render: function, describe: function}}
 */
export function combobox(spec) {
  return new Combobox(spec).surface();
}

class Combobox {
  #spec;
  #id;
  #shown = [];
  #active = -1;
  #typed = false;
  #open = false;
  #chosen = null;
  #settled = "";
  #place = () => this.#position();

  constructor(spec) {
    this.#spec = { keep: true, free: false, ...spec };
    this.#id = spec.id ?? `ps-combo-${(count += 1)}`;
    this.label = h("label", { for: this.#id, class: spec.labelHidden ? "ps-live" : "ps-label-text" });
    this.input = h("input", {
      id: this.#id, class: "ps-input ps-combo-input", type: "text", role: "combobox", autocomplete: "off", autocapitalize: "off",
      spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${this.#id}-list`,
      on: {
        input: () => this.#onInput(),
        keydown: (event) => this.#onKey(event),
        click: () => this.#show(),
        blur: () => this.#onBlur(),
      },
    });
    this.cross = h("button", {
      class: "ps-combo-clear", type: "button", tabindex: "-1", hidden: true,
      on: { mousedown: (event) => event.preventDefault(), click: () => this.#onClear() },
    }, glyph("M5 5l10 10M15 5 5 15"));
    this.list = h("ul", { id: `${this.#id}-list`, class: "ps-combo-list", role: "listbox" });
    this.nothing = h("p", { class: "ps-note ps-combo-none", hidden: true });
    this.popup = h("div", {
      class: "ps-combo-popup", popover: "manual", hidden: true, on: { mousedown: (event) => event.preventDefault() },
    }, this.list, this.nothing);
    this.element = h("div", { class: "ps-field ps-combo" }, this.label,
      h("div", { class: `ps-combo-box${spec.before ? " has-before" : ""}` },
        spec.before ? h("span", { class: "ps-combo-before", "aria-hidden": "true" }, spec.before) : null, this.input, this.cross),
      this.popup);
    spec.host?.append(this.element);
    this.#words();
  }

  surface() {
    return {
      element: this.element,
      input: this.input,
      set: (value) => this.#set(value),
      clear: () => this.#set(null),
      render: () => this.#render(),
      describe: (id, invalid = false) => {
        if (id) this.input.setAttribute("aria-describedby", id);
        else this.input.removeAttribute("aria-describedby");
        if (invalid) this.input.setAttribute("aria-invalid", "true");
        else this.input.removeAttribute("aria-invalid");
      },
    };
  }

  get #app() {
    return this.#spec.app;
  }

  #say(pair) {
    if (!pair) return "";
    return typeof pair === "string" ? pair : this.#app.say(pair.zh, pair.en);
  }

  #words() {
    const { label, placeholder } = this.#spec;
    this.label.textContent = this.#say(label);
    if (placeholder) this.input.placeholder = this.#say(placeholder);
    this.list.setAttribute("aria-label", this.#say(label));
    this.cross.setAttribute("aria-label", this.#app.say("清除", "Clear"));
    this.cross.title = this.#app.say("清除", "Clear");
    this.nothing.textContent = this.#app.say("没有匹配项", "Nothing matches");
  }

  #render() {
    this.#words();
    if (this.#chosen) this.#write(this.#say(this.#chosen));
    if (this.#open) this.#refresh();
  }

  #write(text) {
    this.input.value = text;
    this.#settled = text;
    this.cross.hidden = text === "";
  }

  /** Shows the option of this value, or the text itself; null or "" empties the box. */
  #set(value) {
    this.#typed = false;
    this.#chosen = null;
    if (value !== null && value !== undefined && value !== "") {
      this.#chosen = this.#spec.options("").find((one) => one.value === value) ?? null;
    }
    this.#write(this.#chosen ? this.#say(this.#chosen) : String(value ?? ""));
    this.#hide();
  }

  #onInput() {
    this.#typed = true;
    this.#chosen = null;
    this.cross.hidden = this.input.value === "";
    this.#show();
    this.#refresh();
    this.#spec.onText?.(this.input.value, false);
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      if (!this.#open) return;
      const many = this.#shown.length;
      this.#app.announce(this.#app.say(many ? `${many} 个选项` : "没有匹配项", many ? `${many} options` : "Nothing matches"));
    }, 700);
  }

  #onClear() {
    this.#set(null);
    this.#spec.onText?.("", true);
    this.input.focus();
  }

  #onBlur() {
    if (this.#typed) this.#settle();
    this.#hide();
  }

  /** Ends typing: the text stays if it may, else what stood before comes back. */
  #settle() {
    const text = this.input.value;
    this.#typed = false;
    if (text === this.#settled) return;
    if (this.#spec.free || text === "") {
      this.#write(text);
      this.#spec.onText?.(text, true);
    } else {
      this.input.value = this.#settled;
      this.cross.hidden = this.#settled === "";
    }
  }

  #onKey(event) {
    if (event.isComposing) return;
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE };
    if (event.key in moves) {
      event.preventDefault();
      if (this.#open) this.#move(moves[event.key], event.key.startsWith("Page"));
      else {
        this.#show();
        if (!event.altKey && this.#active < 0) this.#activate(event.key.endsWith("Down") ? 0 : this.#shown.length - 1);
      }
    } else if ((event.key === "Home" || event.key === "End") && this.#open && this.#active >= 0) {
      event.preventDefault();
      this.#activate(event.key === "Home" ? 0 : this.#shown.length - 1);
    } else if (event.key === "Enter") {
      this.#onEnter(event);
    } else if (event.key === "Escape" && this.#open) {
      event.preventDefault();
      event.stopPropagation();
      this.#hide();
    }
  }

  #onEnter(event) {
    const active = this.#open ? this.#shown[this.#active] : null;
    if (active) {
      event.preventDefault();
      this.#pick(active);
    } else if (!this.#spec.free && this.#typed && this.#shown.length) {
      event.preventDefault();
      this.#pick(this.#shown[0]);
    } else if (this.#spec.free) {
      event.preventDefault();
      const text = this.input.value;
      const chosen = this.#chosen;
      this.#typed = false;
      this.#write(text);
      this.#chosen = chosen;
      this.#hide();
      if (!chosen) this.#spec.onText?.(text, true);
    }
  }

  #move(step, clamp) {
    const many = this.#shown.length;
    if (!many) return;
    const to = this.#active + step;
    if (clamp) this.#activate(Math.min(many - 1, Math.max(0, to)));
    else if (this.#active < 0) this.#activate(step > 0 ? 0 : many - 1);
    else this.#activate((to + many) % many);
  }

  #activate(at) {
    this.#active = at;
    const items = this.list.querySelectorAll("[role=option]");
    items.forEach((item, index) => item.classList.toggle("is-active", index === at));
    const item = items[at];
    if (item) {
      this.input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  #pick(option) {
    this.#typed = false;
    if (this.#spec.keep) {
      this.#chosen = option;
      this.#write(this.#say(option));
    } else {
      this.#chosen = null;
      this.#write("");
    }
    this.#hide();
    this.#spec.onPick(option.value, option);
  }

  #refresh() {
    const query = this.#typed ? this.input.value.trim() : "";
    this.#shown = this.#spec.options(query);
    const rows = [];
    let group = null;
    let home = null;
    this.#shown.forEach((option, index) => {
      const name = this.#say(option.group);
      if (name !== group) {
        group = name;
        home = null;
        if (name) {
          const id = `${this.#id}-group-${rows.length}`;
          home = h("ul", { role: "group", "aria-labelledby": id }, h("li", { id, role: "presentation", class: "ps-combo-group" }, name));
          rows.push(h("li", { role: "presentation" }, home));
        }
      }
      const item = this.#item(option, index, query);
      if (home) home.append(item);
      else rows.push(item);
    });
    fill(this.list, rows);
    this.list.hidden = this.#shown.length === 0;
    this.nothing.hidden = this.#shown.length > 0;
    this.input.setAttribute("aria-expanded", String(this.#open && this.#shown.length > 0));
    const at = this.#chosen ? this.#shown.findIndex((one) => one.value === this.#chosen.value) : -1;
    this.#activate(at);
    if (this.#open) this.#position();
  }

  #item(option, index, query) {
    const chosen = this.#chosen !== null && this.#chosen.value === option.value;
    const [name, hint] = [this.#say(option), this.#say(option.hint)];
    const named = marked(name, query);
    return h("li", {
      id: `${this.#id}-option-${index}`, role: "option", class: `ps-combo-option${option.strong ? " is-strong" : ""}`, "aria-selected": String(chosen),
      style: option.depth ? { "--depth": option.depth } : null,
      on: { click: () => this.#pick(option) },
    }, option.mark ? h("span", { class: "ps-combo-mark", "aria-hidden": "true" }, option.mark.cloneNode(true)) : null,
    h("span", { class: "ps-combo-name" }, named),
    hint ? h("span", { class: "ps-combo-hint" }, named === name ? marked(hint, query) : hint) : null);
  }

  #show() {
    if (this.#open) return;
    this.#open = true;
    this.popup.hidden = false;
    if (this.popup.showPopover && this.popup.isConnected) this.popup.showPopover();
    this.#refresh();
    window.addEventListener("scroll", this.#place, true);
    window.addEventListener("resize", this.#place);
    window.visualViewport?.addEventListener("resize", this.#place);
  }

  #hide() {
    if (!this.#open) return;
    this.#open = false;
    if (this.popup.hidePopover && this.popup.isConnected) this.popup.hidePopover();
    this.popup.hidden = true;
    this.#active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    window.removeEventListener("scroll", this.#place, true);
    window.removeEventListener("resize", this.#place);
    window.visualViewport?.removeEventListener("resize", this.#place);
  }

  /** Puts the list under the box, or above it where there is more room, always inside the window. */
  #position() {
    const box = this.input.getBoundingClientRect();
    const seen = window.visualViewport;
    const top = seen?.offsetTop ?? 0;
    const bottom = top + (seen?.height ?? window.innerHeight);
    const wide = document.documentElement.clientWidth;
    const below = bottom - box.bottom - 8;
    const above = box.top - top - 8;
    const up = below < ROOM_WANTED && above > below;
    const width = Math.min(Math.max(box.width, 280), wide - 16);
    const style = this.popup.style;
    style.width = `${width}px`;
    style.left = `${Math.max(8, Math.min(box.left, wide - width - 8))}px`;
    style.maxHeight = `${Math.max(120, Math.min(TALLEST, up ? above : below))}px`;
    style.top = up ? "auto" : `${box.bottom + 3}px`;
    style.bottom = up ? `${window.innerHeight - box.top + 3}px` : "auto";
  }
}

/** The text with what was typed set apart. */
function marked(text, query) {
  const at = query ? text.toLowerCase().indexOf(query.toLowerCase()) : -1;
  if (at < 0) return text;
  return [text.slice(0, at), h("mark", null, text.slice(at, at + query.length)), text.slice(at + query.length)];
}

function glyph(path) {
  return s("svg", { viewBox: "0 0 20 20", width: 16, height: 16, fill: "none", stroke: "currentColor", "stroke-width": 1.6, "aria-hidden": "true" },
    s("path", { d: path, "stroke-linecap": "round" }));
}
