/**
 * A shelf for papers: kept in the browser alone, by their keys.
 *
 * The button of a paper keeps it. While anything is kept, a bar at the foot of the window
 * offers it as BibTeX, RIS, CSL-JSON or text, cut out of the files of
 * all papers, and as an address that shows the same papers to others.
 */
"use strict";

(() => {
  const { _, format } = globalThis.labsiteText; // labsite-text.js is loaded before
  // Set by labsite-list.js, which loads this.
  const { labsitePapers: all, labsiteShelf: shelf } = globalThis;

  /** Where an entry of a BibTeX file begins; a line of a field can begin with "@", too. */
  const ENTRY = /(?<=^\}\n\n)(?=@[\w:.+-]+\{[^\s,]+,$)/m;

  /** The file to read, and what to take of it.
   * @type {Record<string, [string, (text: string, keys: string[]) => string]>} */
  const FORMATS = {
    BibTeX: [".bib", (text, keys) => cut(text, ENTRY, /^@[\w:.+-]+\{([^,\s]+),/, keys)],
    RIS: [".ris", (text, keys) => cut(text, /(?<=^ER {2}-.*\n)/m, /^ID {2}- (.+)$/m, keys)],
    "CSL-JSON": [".csl.json", (text, keys) => `${JSON.stringify(pick(text, keys), null, 2)}\n`],
    TXT: [".csl.json", (text, keys) => pick(text, keys).map(say).join("\n\n") + "\n"],
  };

  /** The parts of a file that have one of the keys.
   * @param {string} text @param {RegExp} between @param {RegExp} key @param {string[]} keys */
  function cut(text, between, key, keys) {
    return text.split(between).filter((part) => keys.includes(key.exec(part)?.[1] ?? "")).join("");
  }

  /** The papers of a CSL-JSON file that have one of the keys.
   * @param {string} text @param {string[]} keys */
  const pick = (text, keys) => JSON.parse(text).filter(({ id }) => keys.includes(id));

  /** A paper as a line of a list of references.
   * @param {Record<string, any>} paper */
  function say(paper) {
    const names = (paper.author ?? []).map((name) =>
      name.literal ?? [name.given, name.family, name.suffix].filter(Boolean).join(" "));
    const year = paper.issued?.["date-parts"]?.[0]?.[0];
    const address = paper.DOI ? `https://doi.org/${paper.DOI}` : paper.URL;
    const place = [paper["container-title"] ?? paper.publisher, year].filter(Boolean).join(", ");
    return [names.join(", "), paper.title, place, address].filter(Boolean).join(". ");
  }

  /** @param {string} text @param {() => void} press */
  function button(text, press) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", press);
    return made;
  }

  /** @param {Element} item  of a list, or a paper's page */
  const keyOf = (item) => item.getAttribute("data-key") ?? item.getAttribute("data-paper") ?? "";
  const bar = document.createElement("section");
  bar.className = "labsite-shelf";
  bar.setAttribute("aria-label", _("Papers kept"));
  const status = document.createElement("span");
  status.setAttribute("role", "status");

  /** Says how many are kept, and what came of a press. @param {string} [outcome] */
  function tell(outcome) {
    const count = format(_("{count} kept"), { count: shelf.read().length });
    status.textContent = outcome ? `${count} · ${outcome}` : count;
  }

  function show() {
    const kept = shelf.read();
    for (const button of document.querySelectorAll(".labsite-keep")) {
      const has = kept.includes(keyOf(button.closest("[data-key], [data-paper]")));
      button.setAttribute("aria-pressed", String(has));
      const label = has ? _("Kept") : _("Keep");
      button.ariaLabel = button.ariaLabel?.replace(/^[^:]*/, label) ?? null;
      button.textContent = label;
    }
    tell();
    // The focus stays on the page when what has it is hidden.
    if (!kept.length && bar.contains(document.activeElement)) {
      const buttons = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".labsite-keep")]);
      buttons.find((button) => button.checkVisibility())?.focus({ preventScroll: true });
    }
    bar.hidden = !kept.length;
    link.href = `${all}/index.html?papers=${kept.map(encodeURIComponent).join(",")}`;
  }

  /** The papers that are kept, in a format. @param {string} name */
  async function load(name) {
    const [ending, choose] = FORMATS[name];
    const answer = await fetch(all + ending);
    if (!answer.ok) throw new Error(String(answer.status));
    return choose(await answer.text(), shelf.read());
  }

  /** @param {() => Promise<string>} work  @returns {Promise<void>} */
  async function report(work) {
    tell(); // so that a second copy is announced again
    try {
      tell(await work());
    } catch {
      tell(_("The files could not be loaded; a page in a folder cannot do so."));
    }
  }

  /** @param {string} name */
  async function save(name) {
    const file = new Blob([await load(name)], { type: "text/plain" });
    const address = URL.createObjectURL(file);
    const download = document.createElement("a");
    download.href = address;
    download.download = `papers.${name.toLowerCase().replace("bibtex", "bib").replace("-", ".")}`;
    download.click();
    URL.revokeObjectURL(address);
    return "";
  }

  const link = document.createElement("a");
  link.textContent = _("Show as a list");
  bar.append(
    status,
    link,
    ...(globalThis.ClipboardItem ? ["BibTeX", "TXT"] : []).map((name) =>
      button(name === "TXT" ? _("Copy as text") : _("Copy BibTeX"), () =>
        void report(async () => {
          // Safari lets a page copy at the press alone, before the file has come.
          const text = load(name).then((read) => new Blob([read], { type: "text/plain" }));
          await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
          return _("Copied");
        }))),
    ...Object.keys(FORMATS).map((name) =>
      button(format(_("Save {format}"), { format: name }), () => void report(() => save(name)))),
    button(_("Empty"), () => shelf.write([])),
  );

  const list = document.querySelector(".labsite-filterable");
  if (list) {
    bar.querySelector("button")?.before(
      button(_("Keep all shown"), () => {
        const items = [...list.querySelectorAll("[data-key]")];
        const shown = items.filter((item) => item.checkVisibility());
        shelf.write([...shelf.read(), ...shown.map(keyOf)]);
      }),
    );
  }
  document.body.append(bar);
  globalThis.labsiteShowShelf = show;
})();
