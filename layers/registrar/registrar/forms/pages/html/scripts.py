"""The two scripts of the pages. Both only improve what works without them, and leave no name behind."""

from typing import Final

# Shows times in the reader's own time zone beside the webinar's, unless both read the same.
_SHOW_OWN_TIMES: Final = """(within) => {
  for (const place of within.querySelectorAll("[data-registrar-time]")) {
    const { registrarTime, registrarZone } = place.dataset, when = new Date(registrarTime);
    const write = (timeZone) => new Intl.DateTimeFormat(place.closest("[lang]").lang,
      { dateStyle: "full", timeStyle: "short", timeZone }).format(when);
    try {
      if (write(registrarZone) === write()) continue;
    } catch { /* a zone that this browser does not know differs */ }
    place.querySelector("time").textContent = write();
    place.hidden = false;
  }
}"""

LOCAL_TIME: Final = f"\n({_SHOW_OWN_TIMES})(document);\n"

# Fetches the page again as often as it asks for, and shows what has changed: only then, because a screen reader reads
# out what is put into the status. The reader's focus stays where it is, unless it was on what is replaced.
REFRESH: Final = f"""
(() => {{
  const showOwnTimes = {_SHOW_OWN_TIMES};
  const look = async () => {{
    try {{
      const response = await fetch(location.href, {{ headers: {{ Accept: "text/html" }} }});
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const before = document.querySelector("[role=status]"), after = page.querySelector("[role=status]");
      if (!after) return wait(60);
      showOwnTimes(after);
      if (before.innerHTML !== after.innerHTML) {{
        const hadFocus = before.contains(document.activeElement);
        before.innerHTML = after.innerHTML;
        if (hadFocus) before.querySelector("h1").focus();
      }}
      document.title = page.title;
      wait(page.querySelector("main").dataset.refresh);
    }} catch {{ wait(60); }}
  }};
  const wait = (seconds) => seconds && setTimeout(look, seconds * 1000);
  wait(document.querySelector("main").dataset.refresh);
}})();
"""
