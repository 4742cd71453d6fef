import { h } from "./dom.js";
import { forceTone, formerNote } from "./history.js";
import { documentNumber, span, title } from "./phrases.js";

/** A chip with the force of a document. */
export function forceChip(app, force) {
  return h("span", { class: `ps-chip ${forceTone(force)}`, data: { force } }, app.word("force", force));
}

/**
 * One designation with all that it rests on.
 *
 * @param {object} app
 * @param {object} one a designation of a record: `id`, `force`, and where judged `decides`, `basis`, `coverage`, `parts`,
 *   `stages`, `former`
 * @param {{place?: boolean, asked?: string|null}} [how] `place`: name the place; `asked`: term of the question
 * @returns {HTMLElement}
 */
export function evidence(app, one, { place = false, asked = null } = {}) {
  const designation = app.register.designation(one.id);
  const instrument = app.register.instrument(designation.instrument);
  const home = app.data.places[designation.place];
  return h("section", { class: `ps-doc${one.decides ? " is-deciding" : ""}`, data: { designation: one.id } },
    h("div", { class: "ps-doc-chips" },
      one.decides ? h("span", { class: "ps-chip is-deciding" }, app.say("本次判定依据", "decides this verdict")) : null,
      forceChip(app, one.force),
      h("span", { class: "ps-chip" }, app.word("kind", designation.kind))),
    h("h4", { class: "ps-doc-role" },
      place || !designation.located ? h("span", { class: "ps-doc-place" }, app.say(home.zh, home.en), app.say("：", ": ")) : null,
      app.say(designation.role_zh, designation.role_en)),
    designation.located ? null
      : h("p", { class: "ps-note" }, app.say("无公开边界，不参与判定。", "No outline is known; it decides nothing.")),
    h("dl", { class: "ps-facts" },
      fact(app.say("文件", "Document"), title(app, instrument)),
      fact(app.say("文号", "Number"), documentNumber(app, instrument)),
      fact(app.say("条款", "Clause"), app.say(designation.clause, designation.clause_en)),
      fact(app.say("起止", "Valid"), span(app, instrument)),
      fact(app.say("领域", "Fields"), fields(app, designation)),
      fact(app.say("环节", "Stages"), stages(app, one.stages ?? designation.stages)),
      one.basis && asked && designation.kind === "role" ? fact(app.say("对所问领域", "For what was asked"), cover(app, one)) : null,
      one.former ? fact(app.say("沿革", "Change"), formerNote(app, one.former)) : null,
      designation.facilities.length
        ? fact(app.say("设施", "Facilities"), designation.facilities.map((each) => app.say(each.zh, each.en)).join(app.say("、", "; ")))
        : null),
    reason(app, designation, one, asked),
    note(app, designation, home));
}

function fact(name, ...value) {
  return [h("dt", null, name), h("dd", null, value)];
}

function fields(app, designation) {
  if (!designation.fields_named.length) return app.say("文件未载领域", "not stated");
  return designation.fields_named.map((field, at) => [
    at ? app.say("、", ", ") : null,
    app.say(field.zh, field.en),
    field.basis === "interpreted" ? h("span", { class: "ps-reading" }, app.say("（理解）", " (interpreted)")) : null,
  ]);
}

function stages(app, list) {
  return list.length ? list.map((stage) => app.word("stage", stage)).join(app.say("、", ", ")) : app.say("文件未载环节", "not stated");
}

/** How the designation covers the term asked. */
function cover(app, one) {
  const parts = (one.parts ?? []).map((id) => app.register.term(id)).filter(Boolean);
  if (one.coverage === "any") return app.say("未列明领域，视为涵盖各领域（本登记册理解）", "names no field, read as covering every one (our interpretation)");
  if (one.coverage === "part") {
    return app.say(
      `仅部分涵盖：${parts.map((part) => part.zh).join("、")}（本登记册理解）`,
      `in part only: ${parts.map((part) => part.en).join(", ")} (our interpretation)`,
    );
  }
  return app.word("basis", one.basis);
}

/** Why the register reads the asked field into the clause. */
function reason(app, designation, one, asked) {
  if (!asked || one.basis !== "interpreted") return null;
  const named = [...app.register.lineage(asked)].map((id) => designation.reasons?.[id]).find(Boolean);
  return named ? h("p", { class: "ps-note" }, app.say(`理解依据：${named.zh}`, `Why we read it so: ${named.en}`)) : null;
}

function note(app, designation, home) {
  const zh = designation.note_zh ?? (designation.located ? null : home.note_zh);
  const en = designation.note_en ?? (designation.located ? null : home.note_en);
  return zh || en ? h("p", { class: "ps-note" }, app.say(zh ?? en, en ?? zh)) : null;
}
