"""The script that shows the form within a page of somebody else, in that page's own style.

`<script src="…/embed.js" data-webinar="97871060099" async></script>` puts the form where it stands. It takes what is in
`<main>` of our page and none of its style, posts the form by fetch, and shows what is answered.
"""

import json
from typing import Final

from registrar.forms.pages.texts.all_languages import TEXTS

_SCRIPT: Final = """(() => {
  const me = document.currentScript, data = me.dataset;
  const id = (data.meeting || data.webinar || "").replace(/\\\\D/g, "");
  const box = document.createElement("div");
  box.className = "zoom-registration";
  me.after(box);
  const TEXTS = %s;
  let timer;
  const load = async (url, options, isRefresh) => {
    try {
      const response = await fetch(url, { headers: { Accept: "text/html" }, ...options });
      const page = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("main");
      if (!page) throw 0;
      show(page, response.url, options, isRefresh);
    } catch {
      if (isRefresh) return later(url, 60);
      const failed = box.querySelector(".failed") || document.createElement("p");
      failed.className = "failed";
      failed.setAttribute("role", "alert");
      failed.textContent = TEXTS[navigator.language.slice(0, 2)] || TEXTS.en;
      box.append(failed);
      box.querySelectorAll("button").forEach((one) => { one.disabled = false; });
    }
  };
  const later = (url, seconds) => {
    clearTimeout(timer);
    if (seconds) timer = setTimeout(load, seconds * 1000, url, {}, 1);
  };
})();
"""

_NO_CONNECTION: Final = {str(language): texts.messages.no_connection for language, texts in TEXTS.items()}
EMBED_SCRIPT: Final = _SCRIPT % json.dumps(_NO_CONNECTION, ensure_ascii=False)
