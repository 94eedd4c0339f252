/** The bar of buttons over a text, and their keys: each writes Markdown around what is selected, or takes it away. */
import { insert } from "./insert.js";

const TABLE = "| Column | Column |\n| --- | --- |\n| Text | Text |\n";
const FORMATS = {
  bold: (field) => wrap(field, "**", "bold text"),
  italic: (field) => wrap(field, "*", "italic text"),
  link,
  quote: (field) => lines(field, () => "> ", /^> ?/),
  list: (field) => lines(field, () => "- ", /^[-*+] /),
  numbers: (field) => lines(field, (i) => `${i + 1}. `, /^\d+[.)] /),
  code: (field) => (selected(field).includes("\n") ? block(field, `\`\`\`\n${selected(field)}\n\`\`\`\n`) : wrap(field, "`", "code")),
  table: (field) => block(field, TABLE),
};
const KEYS = { b: "bold", i: "italic", k: "link" };

const selected = (field) => field.value.slice(field.selectionStart, field.selectionEnd);

/** @param {HTMLTextAreaElement} field @param {HTMLElement | null} bar */
export function enableFormats(field, bar) {
  field.addEventListener("keydown", (event) => {
    const format = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && KEYS[event.key.toLowerCase()];
    if (!format) return;
    event.preventDefault();
    FORMATS[format](field);
  });
  if (!bar) return;
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-format]");
    if (button) FORMATS[button.dataset.format](field);
  });
  // One stop of the Tab key for the whole bar; the arrows go from button to button.
  const buttons = [...bar.querySelectorAll("button")];
  const stop = (chosen) => buttons.forEach((button) => { button.tabIndex = button === chosen ? 0 : -1; });
  stop(buttons[0]);
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = buttons.at(to % buttons.length);
    stop(next);
    next.focus();
  });
}

function wrap(field, mark, example) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const size = mark.length;
  if (value.slice(start - size, start) === mark && value.slice(end, end + size) === mark) {
    const inner = value.slice(start, end);
    insert(field, inner, start - size, end + size);
    return field.setSelectionRange(start - size, end - size);
  }
  const inner = value.slice(start, end) || example;
  insert(field, mark + inner + mark);
  field.setSelectionRange(start + size, start + size + inner.length);
}

function link(field) {
  const start = field.selectionStart;
  const words = selected(field);
  const isAddress = /^https?:\/\/\S+$/.test(words);
  const text = isAddress || !words ? "words" : words;
  const address = isAddress ? words : "https://";
  insert(field, `[${text}](${address})`);
  const at = isAddress || !words ? start + 1 : start + text.length + 3; // select what is still to be written
  field.setSelectionRange(at, at + (at === start + 1 ? text : address).length);
}

/** Gives each selected line a beginning, or takes it away if all have it. */
function lines(field, prefix, pattern) {
  const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const next = field.value.indexOf("\n", field.selectionEnd);
  const end = next < 0 ? field.value.length : next;
  const before = field.value.slice(start, end).split("\n");
  const has = before.every((line) => pattern.test(line));
  const after = before.map((line, i) => (has ? line.replace(pattern, "") : prefix(i) + line)).join("\n");
  insert(field, after, start, end);
  if (before.length > 1) field.setSelectionRange(start, start + after.length);
}

/** Something that stands by itself, with an empty line before it. */
function block(field, text) {
  const before = field.value.slice(0, field.selectionStart);
  insert(field, (before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n") + text);
}
