/**
 * A live thread. The page knows the version up to which it is complete. Frames from the socket build on a version:
 * one that fits is applied, an old one ignored, and where something is missing the page asks /changes/, which has no
 * window of forgetting. So every post arrives, in order, once, whatever the line does. (docs/architecture.md)
 */
import { announce } from "./announce.js";
import { arrive, setTitle } from "./arrivals.js";
import { all, divide, dress, goTo, list, numberOf, place, setLocked } from "./posts.js";
import { note } from "./reading.js";
import { join, leave, nudge } from "./socket.js";
import * as status from "./status.js";
import { steady } from "./steady.js";

const ASK_WITHIN = 15_000;
const id = list.dataset.thread;
const topic = `thread:${id}`;
const count = document.querySelector("[data-post-count]");
const notice = document.querySelector("[data-thread-locked]");
const listener = { topic, hear, link, version: () => version };

let version = Number(list.dataset.version);
let wanted = version; // the newest version we have heard of
let newest = Math.max(Number(count.textContent), numberOf(all().at(-1))); // the highest post number we know of
let state = "live"; // of the socket: live, asking or lost; or over, when the viewer lost the right to read
let losses = 0; // how often the connection was lost
let arrivedAway = null; // how many posts came since the connection was lost; null while it holds
let asking = null; // the one request in flight
let timer;

export const currentVersion = () => version;

/** Takes in a frame or an answer. `from` is the version on which it builds; answers say whether there is `more`. */
export function take(news) {
  if (state === "over") return;
  wanted = Math.max(wanted, news.version);
  if (news.from > version) return void ask();
  if (news.version > version) apply(news);
  if (news.more) return void ask();
  if (news.more === false) settle();
}

function apply({ posts, thread, version: reached }) {
  const here = [], elsewhere = [];
  steady(() => {
    for (const post of posts) {
      const placed = place(post);
      if (placed === "elsewhere" && post.number > newest) elsewhere.push(post.number);
      else if (placed?.id) here.push(placed);
      newest = Math.max(newest, post.number);
    }
    describe(thread);
  });
  version = reached;
  list.dataset.version = String(reached);
  here.forEach(note);
  arrive(here, elsewhere);
  if (arrivedAway !== null) arrivedAway += here.length + elsewhere.length;
}

function describe({ title, locked, post_count: posts }) {
  const heading = document.querySelector("[data-thread-title]");
  if (heading.textContent !== title) {
    heading.textContent = title;
    setTitle(title);
  }
  count.textContent = String(posts);
  count.nextSibling.data = posts === 1 ? " post" : " posts";
  if (notice.hidden === locked) {
    notice.hidden = !locked;
    announce(locked ? "A moderator has locked this thread" : "This thread is open again");
  }
  setLocked(locked);
}

/** Asks for what is newer, batch after batch, one request at a time. Never fails: it tries again later. */
export function ask() {
  asking ??= fetchChanges().catch(away).finally(() => { asking = null; plan(); });
  return asking;
}

async function fetchChanges() {
  for (let more = true; (more || version < wanted) && state !== "over"; ) {
    const since = version;
    const before = losses;
    const response = await fetch(`/threads/${id}/changes/?since=${since}`, {
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(ASK_WITHIN),
    });
    if (response.status === 404) return end();
    if (!response.ok) throw new Error(`changes: ${response.status}`);
    const news = await response.json();
    nudge();
    more = news.more || losses !== before; // an answer from before a loss does not say that all is here
    take({ from: since, ...news, more });
    if (!more && news.version <= since) break;
  }
}

/** Everything that there is has arrived, by socket or by asking. */
function settle() {
  status.connection(state === "lost" ? "asking" : state);
  status.caughtUp(arrivedAway ?? 0);
  arrivedAway = null;
  list.dispatchEvent(new Event("thread:settled"));
}

function away() {
  arrivedAway ??= 0;
  status.connection("lost");
}

function hear(message) {
  if (message.to !== topic) return;
  if (message.gone) return end();
  if (!message.behind) return take(message);
  wanted = Math.max(wanted, message.behind);
  if (version < wanted) ask();
}

function link(now) {
  const before = state;
  if (now === before) return; // one more try that failed
  state = now;
  if (now === "lost") {
    losses += 1;
    away();
  } else {
    status.connection(now);
  }
  if (now === "asking" || before === "asking") ask();
  plan();
}

/** Without hints, or with something still missing, the page asks every few seconds; a crowd not all at once. */
function plan() {
  const isNeeded = state !== "over" && (state !== "live" || version < wanted);
  if (!isNeeded) timer = clearTimeout(timer);
  else timer ??= setTimeout(() => { timer = undefined; ask(); }, 8000 + 4000 * Math.random());
}

/** The right to read has gone: so do the words, except what the viewer was writing. */
function end() {
  state = "over";
  clearTimeout(timer);
  leave(listener);
  const draft = document.querySelector("form[data-composer]");
  const text = draft?.elements.source;
  const gone = document.createElement("div");
  gone.className = "page-head";
  gone.innerHTML = `<h1>This thread is no longer open to you</h1>
    <p>If you have been signed out, <a>sign in</a> and come back.</p>`;
  gone.querySelector("a").href = `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
  const kept = [gone];
  if (text?.value.trim()) {
    text.readOnly = true;
    draft.querySelectorAll(".composer-bar, .composer-foot, .composer-help, .preview, [data-replying]").forEach((part) => part.remove());
    draft.querySelector("label").textContent = "What you were writing";
    kept.push(draft);
  }
  list.closest(".conversation").replaceChildren(...kept);
  document.querySelector(".rail")?.remove();
  setTitle("This thread is no longer open to you");
  goTo(gone.querySelector("h1"));
}

divide();
all().forEach(dress);
join(listener);
