// Shows the digest of the form while it is being edited. Without this file the form works by its button.
"use strict";

const form = document.querySelector("form");
const status = document.getElementById("status");
/** Milliseconds after the last key: shorter than a pause to think, longer than one between two keys. */
const PAUSE = 400;
let timer = 0;
let running = null;

/** Ask for the page of the form as it is now, and take its digest and its errors. */
async function show() {
  clearTimeout(timer);
  if (running) running.abort();
  const own = (running = new AbortController());
  const query = new URLSearchParams(new FormData(form)).toString();
  document.body.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch("./?" + query, { signal: own.signal, credentials: "omit", cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    history.replaceState(null, "", "./?" + query);
  } catch (error) {
    if (own.signal.aborted) return;
    status.textContent =
      error.message === "429" ? "Too many changes at once: wait a moment." : "No answer: is the preview still running?";
  }
  if (running === own) document.body.removeAttribute("aria-busy");
}

/** Put the digest and the errors of another page of the preview into this one. */
function take(page) {
  status.textContent = page.getElementById("status").textContent;
  document.getElementById("result").replaceWith(page.getElementById("result"));
  for (const error of document.querySelectorAll("form .wrong")) {
    const now = page.getElementById(error.id);
    const field = document.getElementById(error.id.slice("wrong-".length));
    error.textContent = now.textContent;
    error.hidden = now.hidden;
    if (now.hidden) field.removeAttribute("aria-invalid");
    else field.setAttribute("aria-invalid", "true");
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
