"use strict";

// Leads the link "Report or fix a mistake" of a paper's page to the line of its entry.
//
// The page itself names the file alone: with every entry added above, the lines of all
// others change, and no page has to be written anew for that. The lines are fetched
// when somebody turns to the link; without them it leads to the file.

(() => {
  const link = document.querySelector(".labsite-to-line a");
  if (!(link instanceof HTMLAnchorElement)) return;
  const isFolder = location.pathname.endsWith("/");
  const place = new URL(isFolder ? "../lines.json" : "lines.json", location.href);
  const page = decodeURIComponent(location.pathname.split("/").at(isFolder ? -2 : -1) ?? "");
  /** @type {Promise<void> | null} */
  let asked = null;

  async function lead() {
    const { address, entries } = await (await fetch(place)).json();
    const [file, line] = entries[page.replace(/\.html$/, "")];
    link.href = address.replace("{file}", file).replace("{line}", line);
  }

  /** @returns {Promise<void>}  kept whether it succeeds or not */
  function leadOnce() {
    asked ??= lead().catch(() => {}); // A link that has stayed as it was still leads to the file.
    return asked;
  }

  for (const turn of ["pointerenter", "touchstart", "focus"]) {
    link.addEventListener(turn, () => void leadOnce(), { passive: true });
  }
  // A finger is quicker than the answer. A click that opens another tab is left alone.
  link.addEventListener("click", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!plain) return;
    event.preventDefault();
    void leadOnce().then(() => location.assign(link.href));
  });
})();
