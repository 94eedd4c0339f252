/**
 * "@" and two letters offer the members who can be mentioned here: a combobox after the ARIA pattern, in which the
 * focus stays in the text. Typing on is never held up, and Escape sends the offers away until the next "@".
 */
import { announce } from "./announce.js";
import { insert } from "./insert.js";

const TYPED = /(?<![\w@/.-])@([\p{L}\d][\p{L}\d-]{1,29})$/u;
const PAUSE = 150; // ms without a key before the server is asked
let made = 0;

/** @param {HTMLTextAreaElement} field @param {string} address answers ?q= with {"members": [{handle, name, detail}]} */
export function enableMentions(field, address) {
  const box = document.createElement("div"); // holds the offers' place after the text
  const offers = document.createElement("ul");
  offers.className = "offers";
  offers.id = `offers-${++made}`;
  offers.setAttribute("role", "listbox");
  offers.setAttribute("aria-label", "Members");
  box.hidden = true;
  box.append(offers);
  field.after(box);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-haspopup", "listbox");

  let request = null, timer = 0, dismissed = -1; // dismissed: the place of an "@" whose offers were sent away

  function typed() {
    if (field.selectionStart !== field.selectionEnd) return null;
    const found = field.value.slice(0, field.selectionStart).match(TYPED);
    return found && { q: found[1], start: found.index, end: field.selectionStart };
  }

  function look() {
    clearTimeout(timer);
    request?.abort();
    const word = typed();
    if (word?.start !== dismissed) dismissed = -1;
    if (!word || dismissed >= 0) return close();
    timer = setTimeout(ask, PAUSE, word.q);
  }

  async function ask(q) {
    request = new AbortController();
    try {
      const response = await fetch(`${address}?q=${encodeURIComponent(q)}`, { headers: { Accept: "application/json" }, signal: request.signal });
      show(response.ok && typed()?.q === q ? (await response.json()).members : []);
    } catch {
      // Without the network, or with newer letters on their way, there is nothing to offer.
    }
  }

  function show(members) {
    if (!members.length) return close();
    offers.replaceChildren(...members.map((member, i) => option(member, `${offers.id}-${i}`)));
    box.hidden = false;
    field.setAttribute("aria-controls", offers.id);
    choose(0);
    announce(`${members.length} member${members.length === 1 ? "" : "s"}. Up and down to choose, Enter to mention`);
  }

  function close() {
    clearTimeout(timer);
    if (box.hidden) return;
    box.hidden = true;
    field.removeAttribute("aria-controls");
    field.removeAttribute("aria-activedescendant");
  }

  function choose(at) {
    const all = [...offers.children];
    const chosen = all.at(at % all.length);
    all.forEach((one) => one.setAttribute("aria-selected", String(one === chosen)));
    field.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  function take(chosen) {
    const word = typed();
    close();
    if (word) insert(field, `@${chosen.dataset.handle} `, word.start, word.end);
  }

  field.addEventListener("input", look);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (box.hidden || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = [...offers.children].findIndex((one) => one.ariaSelected === "true");
    const acts = {
      ArrowDown: () => choose(at + 1),
      ArrowUp: () => choose(at - 1),
      Enter: () => take(offers.children[at]),
      Tab: () => take(offers.children[at]),
      Escape: () => { dismissed = typed()?.start ?? -1; close(); },
    };
    if (!acts[event.key] || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  });
  offers.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the focus stays in the text
    const chosen = event.target.closest("[role=option]");
    if (chosen) take(chosen);
  });
}

function option({ handle, name, detail }, id) {
  const li = document.createElement("li");
  li.id = id;
  li.dataset.handle = handle;
  li.setAttribute("role", "option");
  const said = document.createElement("span");
  said.textContent = detail ? `${name}, ${detail}` : name;
  li.append(said);
  return li;
}
