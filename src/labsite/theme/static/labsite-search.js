/**
 * Finds papers, people, pages and news as one types.
 *
 * A plain script, loaded when a form of labsite-search-form.html is used: browsers load
 * no modules from a folder that no server serves, and the search works there too. So the
 * index is a script as well, in parts where it is large; its layout is that of
 * labsite.sphinx.search. How words are found is labsite-find.js's affair.
 *
 * The query is kept in the address, so that the way back from a result leads to it.
 *
 * @typedef {object} Entry  something that can be found; see labsite-find.js
 * @property {string} kind  one of KINDS
 * @property {string} title
 * @property {string} href
 * @property {string} detail  shown under the title
 * @property {string} [text]  of which the part that matches is shown
 * @property {[string, number][]} fields
 * @property {string[]} topics
 * @property {string} date
 */
"use strict";

(() => {
const own = /** @type {HTMLScriptElement} */ (document.currentScript).src;
const KINDS = ["papers", "people", "pages", "news"];
const SHOWN = 40; // of one kind; fewer where all kinds are shown:
const EACH = 5;
const REST = 400; // ms that typing must rest before the number is announced
const KEY = "search"; // of the query in the address of a page with a dialog
const known = JSON.parse(document.querySelector("script#labsite-labels")?.textContent || "{}");
/** A label in the language of the page. @param {string} text @returns {string} */
const _ = (text) => known[text] ?? text;
const NAMES = {
  all: _("All"), papers: _("Papers"), people: _("People"), pages: _("Pages"), news: _("News"),
};
const AUTHORS = 4; // more are "and others"
const MONTH = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { month: "long", year: "numeric", timeZone: "UTC" });

/** @param {string} src @returns {Promise<void>} */
function loadScript(src) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = src;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(src));
    document.head.append(script);
  });
}

/** A script beside this one, of its version. @param {string} name */
function beside(name) {
  const address = new URL(name, own);
  address.search = new URL(own).search;
  return address.href;
}

/** @param {any} part  of the index @returns {Entry[]} */
function readPart({ papers, people = [], news, pages = [] }) {
  const titles = new Set(papers.flatMap((paper) => paper[5])); // of topics
  return [
    ...papers.map(([title, href, year, creators, venue, topics, ids, more]) => {
      const shown = creators.slice(0, AUTHORS).join(", ");
      const who = creators.length > AUTHORS ? format(_("{names} and others"), { names: shown }) : shown;
      const where = [venue[0], year || ""].join(" ").trim();
      return {
        kind: "papers", title, href, ids, date: String(year),
        detail: [who, where].filter(Boolean).join(" · "),
        topics,
        fields: [
          [title, 8],
          [creators.join(", "), 5],
          [`${venue.join(" ")} ${year || ""}`, 4],
          [topics.join(", "), 2],
          [more, 2],
          [ids, 2],
        ],
      };
    }),
    ...people.map(([title, href, role, detail, others, text]) => ({
      kind: "people", title, href, date: "", topics: [], names: `${title},${others}`,
      detail: [role, detail].filter(Boolean).join(" · "),
      fields: [[title, 12], [others, 12], [role, 7], [detail, 4], [text, 1]],
    })),
    ...pages.map(([title, href, heading, text]) => ({
      kind: "pages", title: heading ? `${title}: ${heading}` : title, href, detail: "",
      date: "", topics: titles.has(title) ? [title] : [], text,
      page: href.split("#")[0],
      fields: [[heading || title, heading ? 6 : 10], [heading ? title : "", 3], [text, 1]],
    })),
    ...news.map(([title, href, date]) => ({
      kind: "news", title, href, date, topics: [],
      detail: date.length > 4 ? MONTH.format(new Date(date)) : date,
      fields: [[title, 2], [date.split("-")[0], 2]],
    })),
  ];
}

/** A pattern for words at the beginning of a word; for Korean ones anywhere.
 * @param {string[]} words  folded */
function patternOf(words) {
  const parts = words.map((word) => {
    const plain = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(" ", "[\\s-]");
    return /[^\0-\x7f]/.test(word) ? plain : `(?<![\\p{L}\\p{N}])${plain}`;
  });
  return new RegExp(parts.length ? `(${parts.join("|")})` : "(?!)", "giu");
}

/** The part of a text around the first word that was found.
 * @param {string} text @param {RegExp} words */
function excerpt(text, words) {
  const at = Math.max(0, text.search(words));
  const start = at > 40 ? text.lastIndexOf(" ", at - 30) + 1 : 0;
  const space = text.slice(start, start + 140).lastIndexOf(" ");
  const end = start + (space > 0 && start + 140 < text.length ? space : 140);
  return `${start ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
}

/** @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {string} className @param {...(string | Node)} content */
function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** A text with the words of the query marked.
 * @param {string} text @param {RegExp} words */
function marked(text, words) {
  const pieces = text.split(words);
  return pieces.map((piece, place) => (place % 2 ? element("mark", "", piece) : piece));
}

/** Where parts of the index arrive. @type {(part: any) => void} */
let arrived;
/** @type {Promise<void> | undefined} */
let loading;
/** @type {typeof globalThis.labsiteText.format} */
let format;
/** @type {any} */
let index;

/** Of the site, its own first. @type {string[]} */
let languages;

/** Loads what is beside this script, and the index; tells of each part.
 * @param {string} address  of the first part @param {() => void} more */
async function load(address, more) {
  await loadScript(beside("labsite-text.js"));
  await loadScript(beside("labsite-find.js"));
  ({ format } = globalThis.labsiteText);
  index = new globalThis.labsiteFind.Index();
  for (let next = address; next;) {
    // A browser's copy may be of a build whose layout was another: it is to ask.
    if (location.protocol !== "file:") await fetch(next, { cache: "no-cache" });
    let part;
    arrived = (given) => void (part = given);
    await loadScript(next);
    languages = part.languages ?? languages;
    index.addSynonyms(part.synonyms ?? []);
    index.add(readPart(part));
    next = part.next && new URL(part.next, new URL(address, document.baseURI)).href;
    if (next) more();
  }
}

/** @param {HTMLFormElement} form */
function build(form) {
  const room = form.querySelector(".labsite-search-found");
  const chips = element("div", "labsite-search-kinds");
  chips.setAttribute("role", "group");
  chips.setAttribute("aria-label", _("Kind"));
  for (const kind of ["all", ...KINDS]) {
    const button = element("button", "labsite-search-kind", NAMES[kind], " ", element("span", "labsite-count"));
    button.type = "button";
    button.value = kind;
    button.setAttribute("aria-pressed", String(kind === "all"));
    chips.append(button);
  }
  const topic = element("select", "labsite-search-topic");
  topic.setAttribute("aria-label", _("Topic"));
  topic.append(new Option(_("All topics"), ""));
  const status = element("p", "labsite-search-status");
  const list = element("div", "labsite-search-results");
  const announced = element("span", "visually-hidden");
  announced.setAttribute("role", "status");
  const bar = element("div", "labsite-search-bar", chips, topic);
  bar.hidden = true;
  room.append(bar, status, list, announced);
  const dialog = form.closest("dialog");
  if (dialog) {
    const close = element("button", "labsite-search-close", _("Close"));
    close.type = "button";
    close.addEventListener("click", () => dialog.close());
    form.querySelector(".labsite-search-field").after(close);
  }
  return { bar, chips, topic, status, list, announced };
}

/** Says that a part of a result is Korean, if that is most of it, or in its page's language.
 * @param {HTMLElement} made @param {string} href */
function nameLanguage(made, href) {
  /** @param {RegExp} letter */
  const number = (letter) => made.textContent.match(letter)?.length ?? 0;
  // A syllable, which is one character, stands for two letters or three.
  const korean = 2 * number(/\p{Script=Hangul}/gu) > number(/[a-z]/gi);
  const own = languages.find((language) => href.startsWith(`${language}/`)) ?? languages[0];
  made.lang = korean ? "ko" : own.replace("_", "-");
}

/** @param {Entry} entry @param {string} root @param {RegExp} words */
function result(entry, root, words) {
  const link = element("a", "", ...marked(entry.title, words));
  link.href = root + entry.href;
  const detail = entry.text ? excerpt(entry.text, words) : entry.detail;
  const item = element("li", `labsite-search-${entry.kind}`, link);
  if (detail) item.append(element("p", "", ...marked(detail, words)));
  for (const part of item.children) nameLanguage(part, entry.href);
  return item;
}

/** @param {string} kind @param {Entry[]} entries @param {number} limit
 * @param {string} root @param {RegExp} words */
function group(kind, entries, limit, root, words) {
  const made = element("section", "labsite-search-group");
  const shown = entries.slice(0, limit).map((entry) => result(entry, root, words));
  const heading = element("h2", "labsite-search-heading", NAMES[kind]);
  made.append(heading, element("ul", "", ...shown));
  if (entries.length > limit && limit === EACH) {
    const every = element("button", "labsite-search-every", format(_("All {count}"), { count: entries.length }));
    every.type = "button";
    every.value = kind;
    made.append(every);
  }
  return made;
}

/** Keeps a query in the address, unless the browser refuses.
 * @param {string} key @param {string} query */
function remember(key, query) {
  const url = new URL(location.href);
  if (query) url.searchParams.set(key, query);
  else url.searchParams.delete(key);
  try {
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  } catch {
    // Some refuse this to local files, or after many changes in a short time.
  }
}

/** The words of an address that no page has; on other pages none. */
function lostWords() {
  if (!document.getElementById("not-found")) return "";
  const parts = location.pathname.split("/");
  const last = parts.findLast((part) => !/^(index\..*|404\..*)?$/.test(part)) ?? "";
  // Parameters are decoded whatever they hold; decodeURI refuses what is not UTF-8.
  return (new URLSearchParams(`q=${last}`).get("q") ?? "")
    .replace(/\.\w+$/, "").replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

/** Starts a form; once for each.
 * @param {HTMLFormElement} form */
async function start(form) {
  if (form.dataset.started) return;
  form.dataset.started = "true";
  const input = form.querySelector("input");
  const dialog = form.closest("dialog");
  const key = dialog ? KEY : "q";
  const parts = build(form);
  // Addresses in the index are counted from where it is, the site's root.
  const root = new URL(".", new URL(form.dataset.labsiteSearch, document.baseURI)).href;
  let kind = "all";
  let rest = 0;

  function show() {
    if (!index) return;
    const query = input.value.trim();
    const { entries, words, near } = index.find(query);
    const wanted = parts.topic.value;
    const found = entries.filter((entry) => !wanted || entry.topics.includes(wanted));
    const marks = patternOf(words.map((word) => word.normalize("NFC")));
    /** @type {Map<string, Entry[]>}  in the order of the best of each */
    const byKind = new Map();
    for (const entry of found) byKind.set(entry.kind, [...(byKind.get(entry.kind) ?? []), entry]);
    for (const button of parts.chips.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === kind));
      const count = button.value === "all" ? found.length : (byKind.get(button.value)?.length ?? 0);
      button.querySelector("span").textContent = query ? String(count) : "";
    }
    const chosen = kind === "all" ? [...byKind] : [...byKind].filter(([each]) => each === kind);
    const limit = chosen.length > 1 ? EACH : SHOWN;
    parts.bar.hidden = !entries.length;
    parts.list.replaceChildren(
      ...chosen.map(([each, those]) => group(each, those, limit, root, marks)),
    );
    const count = chosen.reduce((sum, [, those]) => sum + those.length, 0);
    let said = "";
    if (query && !count) said = _("Nothing matches. Try other words; the menu leads to every page.");
    else if (near && count) said = _("Nothing matches all of this. The nearest:");
    else if (chosen.length === 1 && count > SHOWN) said = format(_("The first {shown} of {count}: another word narrows them."), { count, shown: SHOWN });
    parts.status.textContent = said;
    clearTimeout(rest);
    rest = setTimeout(() => {
      remember(key, query);
      parts.announced.textContent = query ? said || format(_("{count} found"), { count }) : "";
    }, REST);
  }

  function offerTopics() {
    const topics = new Set(index.entries.flatMap((entry) => entry.topics));
    for (const option of parts.topic.querySelectorAll("option")) topics.delete(option.value);
    parts.topic.append(...[...topics].sort().map((topic) => new Option(topic)));
    parts.topic.hidden = parts.topic.options.length < 2;
  }

  if (!input.value) input.value = new URLSearchParams(location.search).get(key) ?? lostWords();
  loading ??= load(form.dataset.labsiteSearch, () => {
    offerTopics();
    show();
  });
  try {
    await loading;
  } catch {
    loading = undefined; // the next try fetches it again
    delete form.dataset.started;
    form.querySelector(".labsite-search-close")?.remove();
    form.querySelector(".labsite-search-found").replaceChildren(element("p", "labsite-search-status", _("The search could not be loaded. The menu leads to every page.")));
    return;
  }
  offerTopics();
  input.addEventListener("input", show);
  parts.topic.addEventListener("change", show);
  form.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button[value]") : null;
    if (!(button instanceof HTMLButtonElement)) return;
    kind = button.value;
    show();
    if (!button.isConnected) input.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault(); // the results are here already: open the first
    parts.list.querySelector("a")?.click();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [input, ...parts.list.querySelectorAll("a")];
    const now = stops.indexOf(/** @type {any} */ (document.activeElement));
    const next = stops[now + (event.key === "ArrowDown" ? 1 : -1)];
    if (now < 0 || !next) return;
    event.preventDefault();
    next.focus();
  });
  // Before the page is left, not only when typing has rested.
  parts.list.addEventListener("click", () => remember(key, input.value.trim()));
  dialog?.addEventListener("close", () => remember(key, ""));
  show();
}

globalThis.labsiteSearch = {
  start,
  add: (part) => arrived(part),
  get index() {
    return index;
  },
};
})();
