/**
 * Says things to people who listen to the page. A live region must stand in the page before its words change, hence
 * one region for all; what comes within a moment is said together, so that nobody is talked over.
 */
const region = document.createElement("div");
region.className = "visually-hidden";
region.setAttribute("role", "status");
document.body.append(region);

let waiting = [];

export function announce(words) {
  if (!waiting.length) setTimeout(speak, 400);
  if (!waiting.includes(words)) waiting.push(words);
}

function speak() {
  region.textContent = waiting.join(". ");
  waiting = [];
  setTimeout(() => { if (!waiting.length) region.textContent = ""; }, 5000); // so that nobody finds old news there
}
