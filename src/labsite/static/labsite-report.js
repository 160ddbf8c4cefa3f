// Leads the link "Report or mend a mistake" of a paper's page to the line of its entry.
//
// The page itself names the file alone: with every entry added above, the lines of all
// others change, and no page has to be written anew for that. The lines are fetched
// when somebody turns to the link; without them it leads to the file.
(() => {
  "use strict";

  const link = document.querySelector(".labsite-report a");
  if (!link) return;
  const isFolder = location.pathname.endsWith("/");
  const place = new URL(isFolder ? "../lines.json" : "lines.json", location.href);
  const page = decodeURIComponent(location.pathname.split("/").at(isFolder ? -2 : -1));
  let asked = null;

  async function lead() {
    const { address, entries } = await (await fetch(place)).json();
    const [file, line] = entries[page.replace(/\.html$/, "")];
    link.href = address.replace("{file}", file).replace("{line}", line);
  }

  function leadOnce() {
    // A link that has stayed as it was still leads to the file.
    asked ??= lead().catch(() => {});
  }

  for (const turn of ["pointerenter", "focus"]) link.addEventListener(turn, leadOnce);
})();
