/**
 * Sends a reply without leaving the page. What was typed stays until the server has said that it has it, and a second
 * try carries the same token as the first: so a post is never lost, and never there twice.
 */
import "./writing.js";
import { announce } from "./announce.js";
import { csrfToken } from "./csrf.js";
import { forgetDraft } from "./drafts.js";
import { closeWhileLocked } from "./locking.js";
import { all, goTo, isClosed, isMine, list, numberOf } from "./posts.js";
import { enableReplying } from "./replying.js";
import { ask, currentVersion, take } from "./thread.js";

const ANSWER_WITHIN = 30_000;
const WORDS = {
  offline: "Not sent: you seem to be offline. It is kept here; try again.",
  403: "Not sent: the forum could not tell that this came from you. It is kept here; reload the page and try again.",
  404: "Not sent: this thread is no longer open to you. Copy your text if you need it.",
  other: "Not sent: something went wrong at our end. It is kept here; try again in a minute.",
};

const form = document.querySelector("form[data-composer]");
const text = form.elements.source;
const button = form.querySelector("button[type=submit]:not([name])");
const state = form.querySelector("[data-draft]");
const replying = enableReplying(form);
const openOrClose = closeWhileLocked(form);
let isSending = false;
let unsure = null; // a try without an answer, which may have arrived: { text, last: the last post's number then }

form.addEventListener("submit", (event) => {
  if (event.submitter?.name === "preview") return;
  event.preventDefault();
  if (!isSending && !isClosed()) send();
});

// What was said about a try is over when the lock changes, or when the line that failed it is there again.
list.addEventListener("thread:lock", mend);
list.addEventListener("thread:settled", () => { if (unsure && !isSending) mend(); });

async function send() {
  const last = numberOf(all().at(-1));
  mend();
  setSending(true);
  try {
    const earlier = unsure && unsure.text !== text.value && (await arrivedBefore(unsure.last));
    if (earlier) return overtaken(earlier);
    const response = await post();
    unsure = null;
    if (response.status === 201) await posted(await response.json());
    else await refused(response);
  } catch {
    unsure ??= { text: text.value, last };
    problem([WORDS.offline]);
  } finally {
    setSending(false);
  }
}

function post() {
  const body = new FormData(form);
  body.set("version", String(currentVersion()));
  body.set("csrfmiddlewaretoken", csrfToken());
  return fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(ANSWER_WITHIN) });
}

function setSending(sending) {
  isSending = sending;
  form.ariaBusy = sending ? "true" : null;
  openOrClose(); // what is typed now would be cleared with what was sent
  button.setAttribute("aria-disabled", String(sending));
  if (sending) state.textContent = "Sending";
  else if (state.textContent === "Sending") state.textContent = "";
}

/** Shows the post by the same way as everybody's, and once only, should the socket have been quicker. */
async function posted(news) {
  forgetDraft(form);
  text.value = "";
  form.elements.token.value = newToken();
  form.querySelector(".preview").replaceChildren();
  replying.stop();
  take(news);
  if (news.more) await ask();
  const own = document.getElementById(`post-${news.number}`);
  if (!own) return location.assign(news.url); // it stands on a later page
  own.scrollIntoView({ block: "nearest" });
  goTo(own);
  announce("Your reply is posted");
}

/** The server says in JSON why; what answers without is not our view, but something before it. */
async function refused(response) {
  const isOurs = response.headers.get("Content-Type")?.startsWith("application/json");
  const words = (isOurs && (await response.json()).error) || WORDS[response.status] || WORDS.other;
  if (response.status !== 401) return problem([words], { isInvalid: response.status === 422 });
  const link = document.createElement("a");
  link.href = `/accounts/login/?next=${encodeURIComponent(`${location.pathname}${location.search}#reply`)}`;
  link.textContent = "Sign in";
  problem([words, " ", link]);
}

/** The same token would bring the first text back, and the change to it would be lost. */
async function arrivedBefore(last) {
  await ask();
  return all().find((own) => isMine(own) && numberOf(own) > last);
}

function overtaken(earlier) {
  unsure = null;
  form.elements.token.value = newToken();
  problem([`Your reply had already arrived when you changed it: it is post ${numberOf(earlier)}. Edit it there, or post this text as well.`]);
}

// --- What is wrong, beside the field, as in components/field.html --------------------------------

function problem(words, { isInvalid = false } = {}) {
  const shown = form.querySelector("[data-problem]").content.firstElementChild.cloneNode(true);
  shown.querySelector("[data-problem-words]").append(...words);
  form.querySelector(".composer-box").before(shown);
  text.setAttribute("aria-describedby", [...described(), shown.id].join(" "));
  announce(shown.textContent);
  shown.scrollIntoView({ block: "nearest" });
  if (!isInvalid) return;
  form.classList.add("has-error");
  text.setAttribute("aria-invalid", "true");
  text.focus();
}

function mend() {
  form.classList.remove("has-error");
  form.querySelectorAll(":scope > .error").forEach((error) => error.remove());
  text.removeAttribute("aria-invalid");
  text.setAttribute("aria-describedby", described().join(" "));
}

/** What else describes the field: its hint. */
const described = () => (text.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !id.endsWith("_error"));

/** crypto.randomUUID is missing where a developer opens the site by the machine's plain http address. */
function newToken() {
  const random = () => crypto.getRandomValues(new Uint8Array(1))[0];
  return crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (d) => (d ^ (random() & (15 >> (d / 4)))).toString(16));
}
