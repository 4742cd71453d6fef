import { card, cardText, districtCard, matchSymbol } from "./card.js";
import { districtCardText } from "./cardtext.js";
import { copyText } from "./clipboard.js";
import { contrast, districtContrast } from "./contrast.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { copyLink } from "./link.js";
import * as say from "./phrases.js";

const NARROW = window.matchMedia("(max-width: 760px)");
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
const MARGIN = 24;

/** The pane with the card of what is selected, and with two verdicts side by side. */
export function mount(app) {
  app.cardText = (record, date = app.state.get("date")) => cardText(app, record, date);
  new Answers(app);
}

class Answers {
  #app;
  #host = document.getElementById("ps-answers");
  #before = null;
  #byKey = false;

  constructor(app) {
    this.#app = app;
    this.title = h("h2", { id: "ps-card-title", tabindex: "-1" });
    this.subtitle = h("p", { class: "ps-note", id: "ps-card-subtitle" });
    this.actions = h("div", { class: "ps-answers-actions" });
    this.closer = h("button", { type: "button", class: "ps-button is-icon ps-answers-close", on: { click: () => this.#close() } }, icon("close"));
    this.body = h("div", { class: "ps-answers-body" });
    this.#host.append(
      h("div", { class: "ps-answers-head" }, h("div", { class: "ps-answers-titles" }, this.title, this.subtitle), this.closer, this.actions),
      this.body,
    );
    this.#host.setAttribute("aria-labelledby", "ps-card-title");
    app.state.on(["selection"], () => this.#onSelection());
    app.state.on(["selection", "pinned", "date", "compareDate", "lang", "dropped"], () => this.#render());
    this.#listen();
    this.#render();
  }

  #listen() {
    document.addEventListener("keydown", (event) => {
      this.#byKey = event.key === "Enter" || event.key === " ";
    }, true);
    document.addEventListener("pointerdown", () => {
      this.#byKey = false;
    }, true);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || this.#app.state.get("tool") || document.querySelector("dialog[open]")) return;
      if (this.#host.hidden) return;
      event.preventDefault();
      this.#close();
    });
  }

  /** After a keyboard ask the heading gets the focus; not out of a box where more may be chosen. */
  #onSelection() {
    const from = document.activeElement;
    if (!this.#app.state.get("selection")) return;
    const stays = from?.matches?.("select, [role=combobox]");
    if (!this.#byKey || stays) return;
    if (!this.#host.contains(from)) this.#before = from;
    queueMicrotask(() => this.title.focus({ preventScroll: true }));
  }

  #close() {
    const inside = this.#host.contains(document.activeElement);
    this.#app.state.set({ selection: null, pinned: null });
    if (inside) (this.#before?.isConnected ? this.#before : this.#app.map.getContainer()).focus({ preventScroll: true });
    this.#before = null;
  }

  #render() {
    const { state } = this.#app;
    const selection = state.get("selection");
    const scroll = selection && selection === this.shown ? this.#host.scrollTop : 0;
    this.shown = selection;
    this.#host.hidden = !selection;
    document.body.classList.toggle("has-answer", Boolean(selection));
    if (!selection) {
      fill(this.body);
      return;
    }
    this.closer.setAttribute("aria-label", this.#app.say("关闭（Esc）", "Close (Esc)"));
    this.closer.title = this.#app.say("关闭（Esc）", "Close (Esc)");
    if (selection.kind === "district") this.#district(selection.id);
    else this.#verdict(selection);
    requestAnimationFrame(() => this.#host.scrollTo({ top: scroll, behavior: "instant" })); // when the page is laid out anyway
  }

  #district(id) {
    const app = this.#app;
    const [date, second] = [app.state.get("date"), app.state.get("compareDate")];
    fill(this.title, app.placeName(id));
    fill(this.subtitle, app.say(`截至 ${date}`, `As of ${date}`));
    this.#buttons({ text: () => districtCardText(app, id, date) });
    fill(this.body, second && second !== date ? this.#section(app.say("两个日期对比", "Two dates compared"), districtContrast(app, id, [date, second])) : null,
      this.#pinnedNote(), districtCard(app, id, { date }));
  }

  #verdict(selection) {
    const app = this.#app;
    const [date, second, pinned] = [app.state.get("date"), app.state.get("compareDate"), app.state.get("pinned")];
    const record = app.recordOf(selection, date);
    if (!record) return;
    fill(this.title, this.#name(selection, record));
    fill(this.subtitle, this.#line(selection, record, date));
    this.#buttons({ text: () => this.#text(selection, record, date), pin: () => app.state.set({ pinned: { ...selection, date } }) });
    const mine = { name: this.#name(selection, record), record, date, selection };
    if (pinned && !same(pinned, selection, date)) {
      const held = app.recordOf(pinned, pinned.date);
      const theirs = { name: this.#name(pinned, held), record: held, date: pinned.date, selection: pinned };
      fill(this.body, this.#section(app.say("两个判定对比", "Two verdicts compared"), contrast(app, theirs, mine), this.#unpin()), this.#both(theirs, mine));
    } else if (second && second !== date) {
      const then = { name: second, record: app.recordOf(selection, second), date: second, selection: null };
      fill(this.body, this.#section(app.say("两个日期对比", "Two dates compared"), contrast(app, { ...mine, name: date }, then)), this.#both({ ...mine, name: date }, then));
    } else {
      fill(this.body, this.#pinnedNote(), this.#suitability(selection), card(app, record, { date }), this.#columns(selection));
    }
    app.announce(`${mine.name}：${say.shortVerdict(app, record)}`);
    if (selection !== this.settled) this.#uncover(record);
    this.settled = selection;
  }

  /** On a phone the map moves up, so that the pane does not hide the place. */
  #uncover({ lon, lat }) {
    if (!NARROW.matches) return;
    const { map } = this.#app;
    const place = map.latLngToContainerPoint([lat, lon]).y + map.getContainer().getBoundingClientRect().top;
    const hidden = place - (this.#host.getBoundingClientRect().top - MARGIN);
    if (hidden > 0) map.panBy([0, hidden], { animate: !STILL.matches });
  }

  /** Both cards in full, each under its letter; the second is folded. */
  #both(...sides) {
    return sides.map(({ name, record, date, selection }, at) =>
      h("details", { class: "ps-side-card", open: at === 0 },
        h("summary", null, h("span", { class: "ps-letter" }, "AB"[at]), name, " ", matchSymbol(this.#app, record.match, 14)),
        selection && this.#suitability(selection), card(this.#app, record, { date })));
  }

  /** What the ranking says of a site of it. */
  #suitability(selection) {
    const at = this.#app.rankedSite(selection);
    return at === null ? null : this.#app.rankingParts.suitability(this.#app, at);
  }

  #text(selection, record, date) {
    const at = this.#app.rankedSite(selection);
    const said = cardText(this.#app, record, date);
    return at === null ? said : `${said}\n\n${this.#app.rankingParts.suitabilityText(this.#app, at)}`;
  }

  #section(name, ...content) {
    return h("section", { class: "ps-part" }, h("h3", null, name), content);
  }

  #pinnedNote() {
    const app = this.#app;
    const pinned = app.state.get("pinned");
    if (!pinned) return null;
    const record = app.recordOf(pinned, pinned.date);
    return h("div", { class: "ps-pinned" }, icon("pin"),
      h("div", null, h("b", null, this.#name(pinned, record)), h("div", { class: "ps-note" }, `${pinned.date} · ${say.shortVerdict(app, record)}`),
        h("div", { class: "ps-note" }, app.say("已固定。请选另一处、另一领域环节或另一日期进行对比。", "Pinned. Choose another place, field, stage or day to compare."))),
      this.#unpin());
  }

  #unpin() {
    return h("button", { type: "button", class: "ps-button", on: { click: () => this.#app.state.set({ pinned: null }) } }, this.#app.say("取消固定", "Unpin"));
  }

  #name(selection, record) {
    const app = this.#app;
    if (selection.kind === "site") return record.name || record.id;
    return say.position(Number(selection.lon), Number(selection.lat), selection.datum) + (selection.datum === "wgs84" ? "" : ` ${say.datumName(app, selection.datum)}`);
  }

  #line(selection, record, date) {
    const app = this.#app;
    const parts = [selection.kind === "site" && record.name ? record.id : null, app.placeName(record.district), record.term ? say.termName(app, record.term) : null,
      record.stage ? app.word("stage", record.stage) : null, app.say(`截至 ${date}`, `as of ${date}`)];
    return parts.filter(Boolean).map((part) => h("span", null, part));
  }

  /** The file's own columns of a site. */
  #columns(selection) {
    const app = this.#app;
    if (selection.kind !== "site") return null;
    const own = Object.entries((app.lists[selection.list] ?? app.store).attributes(selection.row)).filter(([, value]) => value !== null && value !== "");
    if (!own.length) return null;
    return h("details", { class: "ps-part ps-fold" }, h("summary", null, h("h3", null, app.say("文件中的其他列", "Other columns of the file"))),
      h("div", { class: "ps-fold-body" }, h("dl", { class: "ps-facts" }, own.map(([name, value]) => [h("dt", null, name), h("dd", null, String(value))]))));
  }

  #buttons({ text, pin }) {
    const app = this.#app;
    const pinned = app.state.get("pinned");
    const isPinned = Boolean(pin && pinned && same(pinned, app.state.get("selection"), app.state.get("date")));
    fill(this.actions,
      this.#button("copy", app.say("复制文字", "Copy text"), app.say("复制结论、依据与出处", "Copy verdict, evidence and citation"), async () => {
        const done = await copyText(text());
        app.announce(done ? app.say("已复制", "Copied") : app.say("浏览器不允许复制", "The browser does not allow copying"));
        return done;
      }),
      pin ? this.#button("pin", isPinned ? app.say("已固定", "Pinned") : app.say("固定对比", "Pin to compare"),
        app.say("固定此判定，再选另一处对比", "Keep this verdict and choose another to compare"), pin, isPinned) : null,
      this.#button("link", app.say("复制链接", "Copy link"), app.say("复制可还原此视图的链接", "Copy a link that restores this view"), () => copyLink(app)));
  }

  #button(id, name, hint, onClick, pressed = null) {
    const dress = (image, text) => fill(button, icon(image), h("span", null, text));
    const act = async () => {
      const done = await onClick();
      if (typeof done !== "boolean") return;
      dress(done ? "check" : "warn", done ? this.#app.say("已复制", "Copied") : this.#app.say("未能复制", "Not copied"));
      setTimeout(() => dress(id, name), 1600);
    };
    const button = h("button", {
      type: "button", class: "ps-button", id: `ps-card-${id}`, title: hint, "aria-pressed": pressed === null ? null : String(pressed), on: { click: act },
    });
    return dress(id, name);
  }
}

/** Whether a pinned verdict is the one on show. */
function same(pinned, selection, date) {
  const { date: then, ...rest } = pinned;
  return then === date && rest.kind === selection.kind && Object.keys(rest).every((key) => rest[key] === selection[key]);
}
