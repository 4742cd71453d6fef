/** Names of columns: ours in their order, the file's beside them; the rules of geo/tables/columns.py. */

/**
 * Names under which a file's columns come out, by their own.
 *
 * One named like a column of ours, without regard to case, becomes `<name>_input`; where the file has that
 * too, `<name>_input_2`.
 *
 * @param {string[]} own
 * @param {string[]} ours
 * @returns {Map<string, string>}
 */
export function usersNames(own, ours) {
  const folded = new Set(ours.map(fold));
  const cleaned = new Map(own.map((name) => [name, clean(name) || "column"]));
  const taken = new Set([...cleaned.values()].map(fold).filter((text) => !folded.has(text)));
  const kept = new Set();
  const found = new Map();
  for (const [name, text] of cleaned) {
    let chosen = text;
    if (folded.has(fold(text))) chosen = free(`${text}_input`, taken);
    else if (kept.has(text)) chosen = free(text, taken);
    if (chosen !== text || folded.has(fold(text))) taken.add(fold(chosen));
    found.set(name, chosen);
    kept.add(chosen);
  }
  return found;
}

/** Names with `_input` to those that a format keeps for itself, without regard to case. */
export function unreserved(names, reserved) {
  const taken = new Set(names.map(fold));
  return names.map((name) => {
    const chosen = reserved.includes(fold(name)) ? free(`${name}_input`, taken) : name;
    taken.add(fold(chosen));
    return chosen;
  });
}

/** Text without NUL and halves of characters, which become U+FFFD. */
export function clean(text) {
  return /[\0\ud800-\udfff]/.test(text) ? text.replace(/[\0\p{Cs}]/gu, "\ufffd") : text;
}

const fold = (name) => name.toLowerCase();

/** The name itself, else with the first number, from 2, that is free. */
function free(name, taken) {
  let chosen = name;
  for (let number = 2; taken.has(fold(chosen)); number += 1) chosen = `${name}_${number}`;
  return chosen;
}
