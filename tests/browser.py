"""The browser of the tests: one that is on the machine already, cut off from every network."""

import os
import shutil
from contextlib import contextmanager

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# Without these a browser asks the network for updates and lists as soon as it starts.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
)


def chromium():
    """Return the path of a Chromium or Chrome; skip the test where there is none."""
    named = os.environ.get("CHROMIUM")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(
            "no Chromium on this machine, so what a browser must show was NOT checked: install "
            f"one ({', '.join(NAMES)}), or name it in the environment variable CHROMIUM"
        )
    return found


@contextmanager
def browser():
    """Start a browser, and end it."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield started
        finally:
            started.close()


@contextmanager
def opened(started, path, width=1280):
    """Open a file as a reader would from disk, and yield the page with what it asked for.

    The page is offline. Whatever it writes to its console, and every address that it asks for, is
    kept in two lists.
    """
    said, asked = [], []
    context = started.new_context(offline=True, viewport={"width": width, "height": 900})
    try:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        yield page, said, asked
    finally:
        context.close()
