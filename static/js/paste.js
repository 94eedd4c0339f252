/**
 * What is pasted from Word, Outlook or a web page comes in as Markdown, with its headings, lists, links and tables.
 * Plain text, and Ctrl+Shift+V, are left to the browser.
 */
import { insert } from "./insert.js";

const WORTH_IT = /<(h[1-6]|b|strong|i|em|a|li|table|blockquote|pre|code)\b|mso-list:/i;
const BREAK = "\v"; // a line break within a paragraph, until the end
const inline = (mark) => (text) => wrap(mark, text);
const block = (text) => `\n\n${text.trim()}\n\n`;
const heading = (level) => (text) => block(`${"#".repeat(level)} ${text.replaceAll("**", "").replace(/\s+/g, " ").trim()}`);

const WRITE = {
  H1: heading(1), H2: heading(2), H3: heading(3), H4: heading(3), H5: heading(3), H6: heading(3),
  B: inline("**"), STRONG: inline("**"), I: inline("*"), EM: inline("*"), S: inline("~~"), DEL: inline("~~"), STRIKE: inline("~~"),
  P: (text, el) => (/mso-list:/.test(styleOf(el)) ? wordItem(el, text) : block(text)),
  BR: () => BREAK,
  HR: () => block("---"),
  A: (text, el) => link(text, el.getAttribute("href") ?? ""),
  UL: (_, el) => list(el, () => "- "),
  OL: (_, el) => list(el, (i) => `${i + (el.start || 1)}. `),
  BLOCKQUOTE: (text) => block(text.trim().replace(/\n{3,}/g, "\n\n").replace(/^/gm, "> ")),
  PRE: (_, el) => block(`\`\`\`\n${el.textContent.trimEnd()}\n\`\`\``),
  CODE: (_, el) => `\`${el.textContent}\``,
  TABLE: (text, el) => table(el) ?? block(text),
};
for (const tag of ["DIV", "SECTION", "ARTICLE", "HEADER", "FOOTER", "MAIN", "ADDRESS", "DL", "DT", "DD", "FIGURE", "TR", "LI"]) WRITE[tag] = block;
for (const tag of ["STYLE", "SCRIPT", "HEAD", "TITLE", "IMG", "SVG", "BUTTON", "TEMPLATE"]) WRITE[tag] = () => "";

/** @param {HTMLTextAreaElement} field */
export function enablePaste(field) {
  let plainly = false;
  field.addEventListener("keydown", (event) => { plainly = event.shiftKey; });
  field.addEventListener("paste", (event) => {
    const html = event.clipboardData.getData("text/html");
    if (plainly || !WORTH_IT.test(html)) return;
    const text = toMarkdown(html);
    if (!text) return;
    event.preventDefault();
    insert(field, text);
  });
}

export function toMarkdown(html) {
  // The page's policy forbids styles even in a document that is only read: the attributes go by another name.
  const tame = html.replace(/<style.*?<\/style>/gis, "").replace(/<[^>]+>/g, (tag) => tag.replace(/\sstyle\s*=/i, " data-style="));
  const text = content(new DOMParser().parseFromString(tame, "text/html").body);
  return text
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^(\s*(?:-|\d+\.) .*)\n\n(?=\s*(?:-|\d+\.) )/gm, "$1\n")
    .replace(/\v(?=\n|$)|\n\v/g, "\n").replaceAll(`${BREAK}${BREAK}`, "\n\n").replaceAll(BREAK, "  \n")
    .trim();
}

const styleOf = (el) => el.dataset?.style ?? "";
const content = (node) => [...node.childNodes].map(write).join("");

function write(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    return node.data.replace(/\s+/g, " ").replace(/[*`]|(?<!\w)_|_(?!\w)/g, "\\$&").replace(/^(#+|>|[-+]|\d+\.)(?= )/, "\\$1");
  }
  if (node.nodeType !== Node.ELEMENT_NODE || /mso-list:\s*Ignore/i.test(styleOf(node))) return "";
  const style = styleOf(node);
  if (node.tagName === "B" && /(?<!-)font-weight:\s*(normal|400)/.test(style)) return content(node); // around all of a Google document
  let text = content(node);
  if (node.tagName === "SPAN") {
    if (/(?<!-)font-weight:\s*(bold|[6-9]00)/.test(style)) text = wrap("**", text);
    if (/(?<!-)font-style:\s*italic/.test(style)) text = wrap("*", text);
  }
  return WRITE[node.tagName]?.(text, node) ?? text;
}

/** A mark stands close to its words, and never reaches over a paragraph. */
function wrap(mark, text) {
  const [, before, words, after] = text.match(/^(\s*)(.*?)(\s*)$/s);
  return words && !words.includes("\n") && !words.startsWith(mark) ? before + mark + words + mark + after : text;
}

function link(text, href) {
  const words = text.replace(/\s+/g, " ").trim();
  if (!/^(https?|mailto):/i.test(href) || !words) return text;
  const address = href.replace(/[\s()]/g, encodeURIComponent).replaceAll("(", "%28").replaceAll(")", "%29");
  return words === href || `mailto:${words}` === href ? words : `[${words}](${address})`;
}

function list(el, mark) {
  const items = [...el.children].map((item, i) => {
    const begin = item.tagName === "LI" ? mark(i) : "  "; // Word nests lists beside their item
    const text = (item.tagName === "LI" ? content(item) : write(item)).trim().replace(/\n{2,}/g, "\n");
    return text && begin + text.replaceAll("\n", `\n${" ".repeat(begin.length)}`);
  });
  return block(items.filter(Boolean).join("\n"));
}

/** Word writes lists as paragraphs, each with its own mark in a span. */
function wordItem(el, text) {
  const marker = [...el.querySelectorAll("span")].find((span) => /mso-list:\s*Ignore/i.test(styleOf(span)))?.textContent.trim() ?? "";
  const level = Number(styleOf(el).match(/level(\d)/)?.[1] ?? 1);
  return `\n\n${"   ".repeat(level - 1)}${/^\w+[.)]/.test(marker) && marker !== "o" ? "1. " : "- "}${text.trim()}\n\n`;
}

/** → null where a table of one column only holds the layout of a mail. */
function table(el) {
  const cell = (td) => content(td).replace(/\s+/g, " ").trim().replaceAll("|", "\\|");
  const rows = [...el.rows].map((row) => [...row.cells].map(cell));
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (width < 2 || rows.length < 2) return null;
  const line = (cells) => `| ${Array.from({ length: width }, (_, i) => cells[i] ?? "").join(" | ")} |`;
  return block([line(rows[0]), line(Array(width).fill("---")), ...rows.slice(1).map(line)].join("\n"));
}
