/** Helps that every text in Markdown gets, wherever it is written: formats, paste, mentions, drafts, Ctrl+Enter. */
import { keepDraft } from "./drafts.js";
import { enableFormats } from "./format.js";
import { enableMentions } from "./mentions.js";
import { enablePaste } from "./paste.js";

const thread = document.querySelector("#posts[data-thread]")?.dataset.thread;

for (const field of document.querySelectorAll("textarea.composer-text")) {
  const address = field.dataset.mentions || (thread && `/threads/${thread}/mentionable/`);
  enableFormats(field, field.form.querySelector(".composer-bar"));
  enablePaste(field);
  if (address) enableMentions(field, address);
  keepDraft(field.form);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    field.form.requestSubmit(field.form.querySelector("button[type=submit]:not([name])"));
  });
}
