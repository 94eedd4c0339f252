/**
 * The one socket of this tab, at /live/. What it brings are hints, and the database is the truth: so a lost message
 * costs nothing, and what matters here is to notice soon that the line is dead, and to come back without a thousand
 * tabs coming back in the same moment.
 */
const BEAT_EVERY = 25_000;
const ANSWER_WITHIN = 10_000;
const WAKE_ANSWER_WITHIN = 4_000; // somebody is looking
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const GONE = 4001; // close code: the session or a right has ended; come back and ask again
const OPEN = 1; // readyState
const SAID_TOO_MUCH = 4008; // close code: this tab said too much

/**
 * @typedef {object} Listener
 * @property {(message: any) => void} hear gets every message
 * @property {string} [topic] what to watch, such as "thread:12"
 * @property {() => number} [version] how far the page has come with it
 * @property {(state: "live" | "asking" | "lost") => void} [link] asking: the line holds, but hints don't come
 */

/** @type {Set<Listener>} */
const listeners = new Set();
const address = new URL("/live/", location.href.replace(/^http/, "ws"));

let socket = null;
let failures = 0;
let hasWorked = false; // else something between here and the server may let no sockets through
let barred = false; // told off: wait, even if somebody is looking
let retryTimer, beatTimer, answerTimer;

/** Opens the socket if need be, and hears its messages from now on. */
export function join(listener) {
  listeners.add(listener);
  watch(listener);
  connect();
}

export function leave(listener) {
  listeners.delete(listener);
  if (!listeners.size) drop();
}

/** The server has answered otherwise, so it is there: a socket that has worked before need not wait to try again. */
export function nudge() {
  if (hasWorked) connect();
}

/** Sends one message. → whether there was a line to send it on. */
export function say(message) {
  if (socket?.readyState !== OPEN) return false;
  socket.send(JSON.stringify(message));
  return true;
}

function connect() {
  if (socket || barred || !listeners.size) return;
  clearTimeout(retryTimer);
  socket = new WebSocket(address);
  socket.onopen = () => listeners.forEach(watch);
  socket.onmessage = (event) => hear(JSON.parse(event.data));
  socket.onclose = (event) => lose(event.code);
  expectAnswer(ANSWER_WITHIN); // some proxies open a line and let nothing through
  beatLater();
}

function watch({ topic, version }) {
  if (topic) say({ watch: topic, version: version() });
}

function hear(message) {
  clearTimeout(answerTimer); // whatever it says, the line is alive
  if ("live" in message) {
    failures = 0;
    hasWorked = true;
    tell(message.live ? "live" : "asking");
  } else if (message.to) {
    listeners.forEach((listener) => listener.hear(message));
  }
}

function tell(state) {
  listeners.forEach((listener) => listener.link?.(state));
}

function beat(patience = ANSWER_WITHIN) {
  const watched = [...listeners].filter((listener) => listener.topic);
  const versions = Object.fromEntries(watched.map(({ topic, version }) => [topic, version()]));
  if (say({ beat: versions })) expectAnswer(patience);
  beatLater();
}

function beatLater() {
  clearTimeout(beatTimer);
  beatTimer = setTimeout(beat, BEAT_EVERY * (0.8 + 0.4 * Math.random()));
}

function expectAnswer(patience) {
  clearTimeout(answerTimer);
  answerTimer = setTimeout(lose, patience);
}

/** Lets go of the socket without waiting for the other end, which may not be there. */
function drop() {
  for (const timer of [retryTimer, beatTimer, answerTimer]) clearTimeout(timer);
  if (!socket) return;
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close();
  socket = null;
}

function lose(code) {
  drop();
  barred = code === SAID_TOO_MUCH;
  let wait = Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures++);
  if (code === GONE) wait = Math.random() * 1000;
  if (barred) wait = LONGEST_WAIT * (1 + Math.random());
  retryTimer = setTimeout(() => { barred = false; connect(); }, wait);
  tell("lost");
}

/** The tab is looked at again, or the network is back: is the line still there? */
function wake() {
  if (document.hidden) return;
  if (socket?.readyState === OPEN) return beat(WAKE_ANSWER_WITHIN);
  failures = 0;
  connect();
}

addEventListener("online", wake);
addEventListener("offline", () => { if (socket) lose(); });
addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
addEventListener("pagehide", drop); // a page with an open socket can't be kept for the back button
document.addEventListener("visibilitychange", wake);
