/**
 * The words about the connection, after the last post. They say what a person needs to know: whether what they see
 * is all there is, and whether what they write is safe. Short interruptions are not worth a word.
 */
const RECONNECTING_AFTER = 1500;
const CAUGHT_UP_FOR = 8000;
const WORDS = {
  live: "Live",
  asking: "New posts appear here every few seconds",
  reconnecting: "Reconnecting",
  offline: document.querySelector("form[data-composer]") ? "Offline. What you write is kept here." : "Offline",
};

const line = document.querySelector("[data-live]");
const words = line.querySelector("[data-live-words]");
let link = "live"; // what the connection is: live, asking or lost
let isBad = false; // whether people were told that it is lost
let timer = 0;

/** The connection has changed. */
export function connection(state) {
  const before = link;
  link = state;
  if (state === "lost") {
    if (isBad || !navigator.onLine) showLost();
    else if (before !== "lost") wait(showLost, RECONNECTING_AFTER);
  } else if (line.dataset.state !== "caught-up" && !isBad) {
    clearTimeout(timer);
    rest();
  }
}

function wait(act, delay) {
  clearTimeout(timer);
  timer = setTimeout(act, delay);
}

/** All that there is has been fetched; `arrived` posts of it came while the connection was lost. */
export function caughtUp(arrived) {
  if (!isBad && !arrived) return connection(link);
  isBad = false;
  const news = arrived ? ` ${arrived} post${arrived === 1 ? "" : "s"} arrived while you were away.` : "";
  show("caught-up", `Up to date.${news}`);
  wait(rest, CAUGHT_UP_FOR);
}

function showLost() {
  clearTimeout(timer);
  isBad = true;
  const state = navigator.onLine ? "reconnecting" : "offline";
  show(state, WORDS[state]);
}

/** Back to saying little: that all is well need not be read out. */
function rest() {
  if (link === "lost") return showLost();
  show(link, WORDS[link], "off");
}

function show(state, text, aloud = "polite") {
  line.setAttribute("aria-live", aloud);
  line.dataset.state = state;
  line.hidden = false;
  words.textContent = text;
}

for (const change of ["online", "offline"]) {
  addEventListener(change, () => { if (link === "lost" && isBad) showLost(); });
}
