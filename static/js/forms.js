import { csrfToken } from "./csrf.js";

/**
 * Every form: it still counts after its author has signed in again in another tab, pressing twice sends once, and what
 * is wrong is found at once. The server is safe against doubles anyway; this spares people the wait and the doubt.
 */
const PATIENCE = 10_000; // after this the answer will not come, and pressing again must work

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get") return;
  if (form.hasAttribute("aria-busy")) return event.preventDefault();
  const token = form.querySelector("[name=csrfmiddlewaretoken]");
  if (token) token.value = csrfToken();
  form.setAttribute("aria-busy", "true"); // the button stays enabled: a disabled one would not send its value
  setTimeout(() => form.removeAttribute("aria-busy"), PATIENCE);
});

// The back button may show the page as it was left.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});

const summary = document.querySelector("[data-error-summary]");
summary?.focus();
summary?.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  const place = link && document.getElementById(link.hash.slice(1));
  if (!place) return;
  event.preventDefault();
  const field = place.matches("input, select, textarea, [tabindex]") ? place : place.querySelector("input, select, textarea");
  (field?.labels?.[0] ?? place).scrollIntoView();
  (field ?? place).focus({ preventScroll: true });
});
