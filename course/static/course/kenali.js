// Comfort only: every page works without this file.
"use strict";

// --- Leaving in a hurry. The page is emptied first, then the server is asked to end the session.
const PRESSES = 3, WITHIN_MS = 1500;
let left = false, presses = [];

function leave() {
  const form = document.querySelector("[data-exit]");
  if (!form) return;
  left = true;
  document.documentElement.classList.add("is-left");
  document.title = form.dataset.title;
  form.hidden = true;
  document.body.replaceChildren(form);
  history.replaceState(null, "", form.dataset.exit); // Back finds the calendar, not this address
  form.submit();
}

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  if (left) return event.preventDefault(); // Esc stops a page that is loading, here the calendar
  if (event.repeat) return;
  presses = [...presses.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
  if (presses.length < PRESSES) return;
  event.preventDefault();
  leave();
}, true);

// Browsers keep whole pages to show them again at once; ours are asked for again, so that after
// leaving, signing out or answering nobody sees an old one. Hidden on the way out, or it would flash.
addEventListener("pagehide", (event) => { if (event.persisted) document.documentElement.hidden = true; });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// --- Forms: the exit, and no second sending by a nervous thumb.
const SENT_MS = 8000;
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-exit]")) {
    event.preventDefault();
    leave();
  } else if (form.dataset.sent) {
    event.preventDefault();
  } else if (!event.defaultPrevented && form.method === "post") {
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-disabled", "true");
    setTimeout(() => {
      delete form.dataset.sent;
      event.submitter?.removeAttribute("aria-disabled");
    }, SENT_MS);
  }
});

document.querySelector("form [data-summary]")?.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
