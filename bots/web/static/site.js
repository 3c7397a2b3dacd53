"use strict";
// Times of day in the reader's own time zone; without scripts they stay in the site's zone, which the page names.
for (const time of document.querySelectorAll("time[data-local]")) {
  const instant = new Date(time.dateTime);
  if (Number.isNaN(instant.getTime())) continue;
  time.title = time.textContent;
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, {dateStyle: "full", timeStyle: "short"}).format(instant) + " your time";
}
// The slash key goes to the search, as elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(?:input|textarea|select)$/i.test(event.target.tagName)) return;
  const field = document.getElementById("q");
  event.preventDefault();
  if (field) field.focus(); else location.href = "/search";
});
