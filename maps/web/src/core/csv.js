/**
 * Delimited text cut into records, as Python's `csv` module cuts it with `skipinitialspace`.
 *
 * Blanks before a quote are passed over, a doubled quote is one, text after a closing quote still
 * belongs to the cell, line ends of every kind may be mixed, and a line end inside quotes is kept.
 */

import { Fault } from "./fault.js";

const QUOTE = 34;
const SPACE = 32;
const RETURN = 13;
const FEED = 10;

/**
 * The records of a text, from `start` on.
 *
 * @param {string} text
 * @param {string} delimiter one character
 * @param {{start?: number, line?: number, mostCells?: number}} [how] `line`: number of the line at `start`;
 *   `mostCells`: a record with more cells is refused
 * @yields {{line: number, cells: string[]}} `line`: where the record begins; a blank line has no cells
 * @throws {Fault} if a quote is never closed
 */
export function* records(text, delimiter, { start = 0, line = 1, mostCells = Infinity } = {}) {
  const comma = delimiter.charCodeAt(0);
  const end = text.length;
  let at = start;
  let number = line;
  while (at < end) {
    const first = number;
    const cells = [];
    for (let more = !isEnd(text.charCodeAt(at)); more; ) {
      while (text.charCodeAt(at) === SPACE) at += 1;
      let cell = "";
      if (text.charCodeAt(at) === QUOTE) {
        const closed = quoted(text, at, first);
        cell = closed.cell;
        number += closed.breaks;
        at = closed.at;
      }
      const begin = at;
      let code = text.charCodeAt(at);
      while (at < end && code !== comma && !isEnd(code)) code = text.charCodeAt((at += 1));
      cells.push(cell + text.slice(begin, at));
      more = at < end && code === comma;
      if (more) at += 1;
      if (cells.length > mostCells) throw tooWide(first);
    }
    if (at < end) at += text.charCodeAt(at) === RETURN && text.charCodeAt(at + 1) === FEED ? 2 : 1;
    number += 1;
    yield { line: first, cells };
  }
}

const isEnd = (code) => code === FEED || code === RETURN;

/** The text of a cell in quotes that opens at `at`, the place behind it, and the line ends in it. */
function quoted(text, at, line) {
  let cell = "";
  let from = at + 1;
  for (;;) {
    const close = text.indexOf('"', from);
    if (close < 0) throw unclosed(text, line);
    cell += text.slice(from, close);
    if (text.charCodeAt(close + 1) !== QUOTE) return { cell, at: close + 1, breaks: lineEnds(text, at, close) };
    cell += '"';
    from = close + 2;
  }
}

/** Number of line ends between two places. */
export function lineEnds(text, from, to) {
  let count = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === FEED || (code === RETURN && text.charCodeAt(at + 1) !== FEED)) count += 1;
  }
  return count;
}

function unclosed(text, line) {
  return new Fault(
    `第 ${line} 行起的引号没有结束`,
    `a quote that opens in the record on line ${line} is never closed`,
    {
      value: text.split(/\r\n|\r|\n/, line)[line - 1]?.slice(0, 60),
      remedyEn: "close the quote, or double it if it belongs to the text",
      remedyZh: "请补上结束引号；若引号属于文字，请写成两个引号",
    },
  );
}

function tooWide(line) {
  return new Fault(`第 ${line} 行的列数过多`, `the record on line ${line} has too many cells`, {
    remedyEn: "check the delimiter of the file",
    remedyZh: "请检查文件的分隔符",
  });
}
