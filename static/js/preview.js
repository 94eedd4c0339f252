/** The preview is fetched by htmx. This gives it the token, and says so when the preview does not come. */
import { csrfToken } from "./csrf.js";

const WORDS = {
  "htmx:sendError": "The preview did not come: you seem to be offline. Your text is kept.",
  "htmx:responseError": "The preview did not come. Your text is kept: reload the page to see whether you are still signed in.",
};

document.body.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
  if ("csrfmiddlewaretoken" in event.detail.parameters) event.detail.parameters.csrfmiddlewaretoken = csrfToken();
});

for (const [name, words] of Object.entries(WORDS)) {
  document.body.addEventListener(name, (event) => { event.detail.target.textContent = words; });
}
