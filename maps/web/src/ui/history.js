import { h } from "./dom.js";
import { documentNumber, span, title } from "./phrases.js";

const DAY = 864e5;

/** What every document says of a district, in the order of their dates: see `history`. */
function entries(app, district, date) {
  const start = ({ instrument }) => instrument.from ?? instrument.issued ?? instrument.published ?? "9999";
  return [...app.register.timeline(district)]
    .sort((one, other) => start(one).localeCompare(start(other)))
    .map(({ instrument, former, designations }) => ({ instrument, former, said: designations, force: app.register.force(instrument.id, date) }));
}

/**
 * The documents of the register in order, each with its span, its force on the day and what it
 * says of the place; a document that does not mention the place says so.
 *
 * @param {object} app
 * @param {string} district
 * @param {string} date
 * @returns {HTMLElement}
 */
export function history(app, district, date) {
  const found = entries(app, district, date);
  const scale = makeScale(found, date);
  const formerly = app.data.places[district]?.formerly;
  return h("div", { class: "ps-history" },
    h("ol", null, found.map(({ instrument, former, force, said }) =>
      h("li", { class: `is-${force}${said.length ? "" : " is-silent"}` },
        h("div", { class: "ps-history-head" },
          h("b", null, app.say(instrument.short_zh, instrument.short_en)),
          h("span", { class: `ps-chip ${forceTone(force)}` }, app.word("force", force))),
        bar(instrument, scale, date),
        h("div", { class: "ps-note", title: title(app, instrument) }, `${span(app, instrument)} · ${documentNumber(app, instrument)}`),
        said.length
          ? h("ul", null, said.map((one) => h("li", null,
            one.kind === "support" ? `${app.word("kind", "support")}${app.say("：", ": ")}` : null,
            app.say(one.role_zh, one.role_en), h("span", { class: "ps-note" }, ` · ${app.say(one.clause, one.clause_en)}`),
            former ? h("span", { class: "ps-note" }, ` · ${formerNote(app, former)}`) : null)))
          : h("p", { class: "ps-note" }, app.say("未提及该区", "does not mention the district"))))),
    formerly ? h("p", { class: "ps-note" }, app.say(
      `${formerly.until}以前属${app.placeName(formerly.parent)}。${formerly.source_zh}`,
      `Part of ${app.placeName(formerly.parent)} until ${formerly.until}. ${formerly.source_en}`,
    )) : null);
}

/** The same as lines of text. */
export function historyLines(app, district, date) {
  return entries(app, district, date).map(({ instrument, force, said }) => {
    const roles = said.map((one) => app.say(one.role_zh, one.role_en)).join(app.say("、", "; "));
    const says = roles || app.say("未提及该区", "does not mention the district");
    return `- ${title(app, instrument)} | ${span(app, instrument)} | ${app.word("force", force)} | ${says}`;
  });
}

/** Tone of the chip of a force. */
export function forceTone(force) {
  return { in_force: "is-good", lapsed: "is-warn" }[force] ?? "is-quiet";
}

/** That the place was part of another district when the document began. */
export function formerNote(app, parent) {
  const name = app.placeName(parent);
  return app.say(`文件制定时属${name}`, `part of ${name} when the document began`);
}

function makeScale(found, date) {
  const dates = found.flatMap(({ instrument }) => [instrument.from, instrument.to]).filter(Boolean);
  const low = Math.min(...[...dates, date].map(Date.parse)) - 120 * DAY;
  const high = Math.max(...[...dates, date].map(Date.parse)) + 120 * DAY;
  return (day) => `${((100 * (Date.parse(day) - low)) / (high - low)).toFixed(2)}%`;
}

function bar(instrument, at, date) {
  const width = (from, to) => `${(parseFloat(at(to)) - parseFloat(at(from))).toFixed(2)}%`;
  return h("div", { class: "ps-history-bar", "aria-hidden": "true" },
    instrument.from && instrument.to
      ? h("span", {
        class: `ps-history-span${instrument.to_basis === "interpreted" ? " is-read" : ""}`,
        style: { left: at(instrument.from), width: width(instrument.from, instrument.to) },
      })
      : null,
    h("span", { class: "ps-history-day", style: { left: at(date) } }));
}
