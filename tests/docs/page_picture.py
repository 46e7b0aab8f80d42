"""Draw docs/images/page.png, the registration page wide and on a phone: `python -m tests.docs.page_picture`."""

from pathlib import Path

from playwright.sync_api import sync_playwright
from registrar.forms.pages.language import Language
from registrar.forms.pages.registration import FormPage, registration_page
from registrar.zoom.webinar_facts import Question, WebinarFacts

from tests.browser.chromium import chromium
from tests.conftest import ROOT

PICTURE = ROOT / "docs" / "images" / "page.png"
NOW = 1_795_000_000.0  # epoch seconds
WEBINAR = "97871060099"
FACTS = WebinarFacts(
    webinar_id=WEBINAR,
    topic="Opening keynote: what tide pools teach us",
    starts_at="2026-12-08T17:00:00Z",
    duration_minutes=60,
    timezone="Europe/Berlin",
    questions=(
        Question("short", is_required=True, name="last_name"),
        Question(
            "single", is_required=True, title="Will you join live?", answers=("Yes", "No, I'll watch the recording")
        ),
        Question("short", is_required=False, name="org"),
    ),
)
WIDE, PHONE, HEIGHT, GAP = 820, 390, 868, 24  # CSS pixels
FRAMES = f"""<!doctype html><style>
  body {{ margin: 0; padding: {GAP}px; display: flex; gap: {GAP}px; background: #eaeef2; }}
  iframe {{ height: {HEIGHT}px; border: 1px solid #d1d9e0; border-radius: 8px; background: #fff; }}
</style><iframe width="{WIDE}"></iframe><iframe width="{PHONE}"></iframe>"""


def draw(path: Path = PICTURE) -> None:
    """Show the page in two frames of one page, and photograph that."""
    page_text = registration_page(
        FormPage(
            webinar_id=WEBINAR,
            language=Language.ENGLISH,
            facts=FACTS,
            action=f"{WEBINAR}/registrants",
            now=NOW,
            submission_token="0b0c2c5e-7c5a-4d0e-9c43-2f1f6f0a5a11",
        )
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": WIDE + PHONE + 3 * GAP + 4, "height": HEIGHT + 2 * GAP + 2},  # with the frames' borders
            color_scheme="light",
            timezone_id="Europe/Berlin",
        )
        page.set_content(FRAMES)
        for frame in page.frames[1:]:
            frame.set_content(page_text)
        page.screenshot(path=path)
        browser.close()


if __name__ == "__main__":
    draw()
