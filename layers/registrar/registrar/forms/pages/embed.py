"""The script that shows the form within another site's page, in that page's own style.

`<script src="…/embed.js" data-webinar="97871060099" async></script>` puts the form where it stands. It takes what
is in `<main>` of our page and none of its style, sends the form by fetch, and shows in the same place what is answered.
It leaves no name behind in the page. A status that may still change is fetched again.
"""

import json
import re
import string
from typing import Final

from registrar.forms.pages.texts.all_languages import TEXTS

# A script that was parsed does not run, so it is made anew. Turnstile's renders what stands there when it is loaded,
# and has to be told of a second form. An answer without `main` is API Gateway's own (429, 500).
_SCRIPT: Final = """(() => {
  const script = document.currentScript, { webinar, meeting } = script.dataset, texts = TEXTS;
  const make = (name, values) => Object.assign(document.createElement(name), values);
  const find = css => box.querySelector(css);
  const each = (css, change) => box.querySelectorAll(css).forEach(change);
  const failed = make("p", { role: "alert", textContent: texts[navigator.language.slice(0, 2)] || texts.en });
  let shown, timer;
  const load = async (url, sent, quiet) => {
    clearTimeout(timer);
    let answer, main;
    try {
      answer = await fetch(url, { headers: { Accept: "text/html" }, ...sent });
      main = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
      url = answer.url;
    } catch {}
    const later = main ? main.dataset.refresh : quiet;
    if (later) timer = setTimeout(load, later + "000", url, {}, 60);
    if (quiet && (!main || main.innerHTML == shown)) return;
    if (!main) {
      each("button", one => one.disabled = false);
      return box.append(failed);
    }
    const first = !shown, hadFocus = box.contains(document.activeElement);
    shown = main.innerHTML;
    box.ariaLive = quiet ? "polite" : "off";
    box.lang = main.lang;
    box.replaceChildren(...main.childNodes);
    for (const name of ["href", "action"])
      each(`[${name}]:not([href^="#"])`, one => one[name] = new URL(one.getAttribute(name), url));
    each(".trap", one => one.hidden = true);
    each("script", ({ src, text }, number, all) => {
      if (src && window.turnstile) turnstile.render(".cf-turnstile");
      else all[number].replaceWith(make("script", src ? { src } : { text }));
    });
    if (hadFocus || !first && !quiet) (find("[autofocus]") || find("h1")).focus();
  };
  const box = make("div", {
    className: "zoom-registration",
    onsubmit: event => {
      event.preventDefault();
      each("button", one => one.disabled = true);
      load(event.target.action, { method: "POST", body: new URLSearchParams(new FormData(event.target)) });
    },
    onclick: event => {
      const link = event.target.closest("a");
      if (link && !link.hash) event.preventDefault(), load(link.href);
    },
  });
  script.after(box);
  load(new URL(meeting ? "meetings/" + meeting : "webinars/" + webinar, script.src));
})();
"""

# Names of the script that stand in none of its strings, and are no property: each becomes one letter.
_NAMES: Final = "answer,change,each,event,failed,find,first,hadFocus,later,load,make,quiet,shown,texts,timer,values"
# No string has a blank beside one of these.
_BLANKS: Final = re.compile(r"\s*([=+&|?:;,{}()<>\n])\s*")
_NO_CONNECTION: Final = {str(language): texts.messages.no_connection for language, texts in TEXTS.items()}


def _short(script: str) -> str:
    letters = dict(zip(_NAMES.split(","), string.ascii_letters, strict=False))
    renamed = re.sub(r"\b\w+\b", lambda word: letters.get(word[0], word[0]), script)
    compact = _BLANKS.sub(r"\1", renamed).replace(";}", "}").replace(",}", "}")
    return compact.replace("TEXTS", json.dumps(_NO_CONNECTION, ensure_ascii=False, separators=(",", ":")))


EMBED_SCRIPT: Final = _short(_SCRIPT)
