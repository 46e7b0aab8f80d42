"""The two scripts of the pages. Both only improve what works without them, and leave no name behind."""

from typing import Final

# Shows a time in the reader's own time zone beside the webinar's, unless both read the same.
LOCAL_TIME: Final = """
for (const place of document.querySelectorAll("[data-registrar-time]")) (() => {
  const { registrarTime, registrarZone } = place.dataset, when = new Date(registrarTime);
  const write = (timeZone) => new Intl.DateTimeFormat(place.closest("[lang]").lang,
    { dateStyle: "full", timeStyle: "short", timeZone }).format(when);
  try {
    if (write(registrarZone) === write()) return;
  } catch { /* a zone that this browser does not know differs */ }
  place.querySelector("time").textContent = write();
  place.hidden = false;
})();
"""

# Fetches the page again as often as it asks for, and shows what has changed without moving the reader's focus.
REFRESH: Final = """
(() => {
  const look = async () => {
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const before = document.querySelector("[role=status]"), after = page.querySelector("[role=status]");
      if (!after) return wait(60);
      if (before.innerHTML !== after.innerHTML) before.innerHTML = after.innerHTML;
      document.title = page.title;
      wait(page.querySelector("main").dataset.refresh);
    } catch { wait(60); }
  };
  const wait = (seconds) => seconds && setTimeout(look, seconds * 1000);
  wait(document.querySelector("main").dataset.refresh);
})();
"""
