/**
 * Finds papers, people, news and pages as one types.
 *
 * A module, loaded when a form of labsite-search-form.html is used. The index, search.json,
 * is fetched once; its layout is that of labsite.sphinx.search_index.
 *
 * Every word of the query must be found, each at the beginning of a word or, for Korean,
 * whose words take endings and beginnings, anywhere. A word counts by where it is found.
 *
 * @typedef {object} Entry  something that can be found
 * @property {string} kind  one of KINDS
 * @property {string} title
 * @property {string} href
 * @property {string} detail  shown under the title
 * @property {[string, number][]} fields  folded text, and what a word in it counts
 * @property {string[]} topics
 * @property {string} date  ISO 8601, of which any part may be missing; newer stands first
 */

const shared = new URL("labsite-text.js", import.meta.url);
shared.search = new URL(import.meta.url).search; // its version is that of both
await import(shared.href);

const { fold, format } = globalThis.labsiteText;
const KINDS = ["papers", "people", "news", "pages"];
const SHOWN = 40;
const REST = 400; // ms that typing must rest before the number is announced
const LABELS = {
  kind: "Kind",
  all: "All",
  papers: "Papers",
  people: "People",
  news: "News",
  pages: "Pages",
  topic: "Topic",
  anyTopic: "All topics",
  found: "{count} found",
  none: "Nothing matches.",
  more: "The first {shown} of {count}: another word narrows them.",
  failed: "The search could not be loaded. The menu leads to every page.",
  close: "Close",
  others: "{names} and others",
};
const AUTHORS = 4; // more are "and others"

/** @param {any} index  search.json @returns {Entry[]} */
function readIndex({ names, venues, topics, papers, people, news, pages }) {
  const foldedNames = names.map(fold);
  const foldedVenues = venues.map((both) => fold(both.join(" ")));
  const foldedTopics = topics.map(fold);
  return [
    ...papers.map(([title, href, year, creators, venue, about]) => {
      const shown = creators.slice(0, AUTHORS).map((number) => names[number]).join(", ");
      const who = creators.length > AUTHORS ? format(LABELS.others, { names: shown }) : shown;
      const where = [venues[venue]?.[0], year || ""].join(" ").trim();
      return {
        kind: "papers", title, href, date: String(year),
        detail: [who, where].filter(Boolean).join(" · "),
        topics: about.map((number) => topics[number]),
        fields: [
          [fold(title), 8],
          [creators.map((number) => foldedNames[number]).join(" "), 5],
          [`${foldedVenues[venue] ?? ""} ${year || ""}`, 4],
          [about.map((number) => foldedTopics[number]).join(" "), 2],
        ],
      };
    }),
    ...people.map(([title, href, detail, others]) => ({
      kind: "people", title, href, detail, date: "", topics: [],
      fields: [[fold(`${title} ${others}`), 12], [fold(detail), 3]],
    })),
    ...news.map(([title, href, date]) => ({
      kind: "news", title, href, date, detail: date, topics: [],
      fields: [[fold(title), 3], [date, 2]],
    })),
    ...pages.map(([title, href, heading, text]) => ({
      kind: "pages", title: heading ? `${title}: ${heading}` : title, href, detail: "",
      date: "", topics: topics.filter((topic) => topic === title), text,
      fields: [[fold(heading || title), 10], [fold(title), 4], [fold(text), 1]],
    })),
  ];
}

/** How much a word counts in a text: whole words more than their beginnings.
 * @param {string} text  folded @param {string} word  folded */
function score(text, word) {
  const free = /[^\0-\x7f]/.test(word); // Korean and the like: also inside a word
  let best = 0;
  for (let at = text.indexOf(word); at >= 0 && best < 1; at = text.indexOf(word, at + 1)) {
    const begins = at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]);
    const ends = !/[\p{L}\p{N}]/u.test(text[at + word.length] ?? " ");
    if (begins) best = Math.max(best, ends ? 1 : 0.7);
    else if (free) best = Math.max(best, 0.5);
    else if (word.length > 3) best = Math.max(best, 0.2); // "flow" in "dataflow"
  }
  return best;
}

/** @param {Entry[]} entries @param {string} query
 * @returns {Entry[]}  what has every word, the best first */
export function find(entries, query) {
  const words = fold(query).split(" ").filter(Boolean);
  if (!words.length) return [];
  const found = [];
  for (const entry of entries) {
    let total = 0;
    const all = words.every((word) => {
      let best = 0;
      for (const [text, weight] of entry.fields) {
        best = Math.max(best, weight * score(text, word));
      }
      total += best;
      return best > 0;
    });
    if (all) found.push({ entry, total });
  }
  found.sort((a, b) => b.total - a.total || (a.entry.date < b.entry.date ? 1 : -1));
  return found.map(({ entry }) => entry);
}

/** The part of a text around the first word that was found.
 * @param {string} text @param {string[]} words  as typed, lower case */
function excerpt(text, words) {
  const lower = text.toLowerCase();
  const places = words.map((word) => lower.indexOf(word)).filter((place) => place >= 0);
  const at = places.length ? Math.min(...places) : 0;
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
 * @param {string} text @param {string[]} words  as typed, lower case */
function marked(text, words) {
  const parts = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pieces = parts.length ? text.split(new RegExp(`(${parts.join("|")})`, "giu")) : [text];
  return pieces.map((piece, place) => (place % 2 ? element("mark", "", piece) : piece));
}

/** @type {Map<string, Promise<Entry[]>>} */
const loaded = new Map();

/** @param {string} address @returns {Promise<Entry[]>} */
function load(address) {
  let entries = loaded.get(address);
  if (!entries) {
    // A browser's copy may be of a build whose layout was another: it is to ask.
    entries = fetch(address, { cache: "no-cache" }).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${address}`);
      return answer.json();
    }).then(readIndex);
    entries.catch(() => loaded.delete(address)); // the next try fetches it again
    loaded.set(address, entries);
  }
  return entries;
}

/** @param {HTMLFormElement} form */
function build(form) {
  const room = form.querySelector(".labsite-search-found");
  const chips = element("div", "labsite-search-kinds");
  chips.setAttribute("role", "group");
  chips.setAttribute("aria-label", LABELS.kind);
  for (const kind of ["all", ...KINDS]) {
    const button = element("button", "labsite-search-kind", LABELS[kind], " ", element("span", "labsite-count"));
    button.type = "button";
    button.value = kind;
    button.setAttribute("aria-pressed", String(kind === "all"));
    chips.append(button);
  }
  const topic = element("select", "labsite-search-topic");
  topic.setAttribute("aria-label", LABELS.topic);
  topic.append(new Option(LABELS.anyTopic, ""));
  const status = element("p", "labsite-search-status");
  const list = element("ul", "labsite-search-results");
  const announced = element("span", "visually-hidden");
  announced.setAttribute("role", "status");
  const bar = element("div", "labsite-search-bar", chips, topic);
  bar.hidden = true;
  room.append(bar, status, list, announced);
  const dialog = form.closest("dialog");
  if (dialog) {
    const close = element("button", "labsite-search-close", LABELS.close);
    close.type = "button";
    close.addEventListener("click", () => dialog.close());
    form.querySelector(".labsite-search-field").after(close);
  }
  return { bar, chips, topic, status, list, announced };
}

/** @param {HTMLElement} made  named as Korean if that is most of it */
function nameLanguage(made) {
  /** @param {RegExp} letter */
  const number = (letter) => made.textContent.match(letter)?.length ?? 0;
  // A syllable, which is one character, stands for two letters or three.
  if (2 * number(/\p{Script=Hangul}/gu) > number(/[a-z]/gi)) made.lang = "ko";
}

/** @param {Entry} entry @param {string} root @param {string[]} words */
function result(entry, root, words) {
  const link = element("a", "", ...marked(entry.title, words));
  link.href = root + entry.href;
  const detail = entry.text ? excerpt(entry.text, words) : entry.detail;
  const item = element("li", `labsite-search-${entry.kind}`, link);
  if (detail) item.append(element("p", "", ...marked(detail, words)));
  for (const part of item.children) nameLanguage(part);
  const kind = element("span", "labsite-search-label-of-kind", LABELS[entry.kind]);
  item.append(kind);
  return item;
}

/** Starts a form; once for each.
 * @param {HTMLFormElement} form */
export async function start(form) {
  if (form.dataset.started) return;
  form.dataset.started = "true";
  const input = form.querySelector("input");
  const parts = build(form);
  // Addresses in the index are counted from where it is, the site's root.
  const root = new URL(".", new URL(form.dataset.labsiteSearch, document.baseURI)).href;
  let kind = "all";
  let rest = 0;
  /** @type {Entry[]} */
  let entries;

  function show() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = parts.topic.value;
    const found = find(entries, input.value).filter(
      (entry) => !wanted || entry.topics.includes(wanted),
    );
    const counts = new Map([["all", found.length]]);
    for (const each of found) counts.set(each.kind, (counts.get(each.kind) ?? 0) + 1);
    for (const button of parts.chips.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === kind));
      button.querySelector("span").textContent = words.length ? String(counts.get(button.value) ?? 0) : "";
    }
    const chosen = kind === "all" ? found : found.filter((entry) => entry.kind === kind);
    parts.bar.hidden = !words.length;
    parts.list.replaceChildren(
      ...chosen.slice(0, SHOWN).map((entry) => result(entry, root, words)),
    );
    const values = { count: chosen.length, shown: SHOWN };
    const label = chosen.length > SHOWN ? LABELS.more : LABELS.none;
    parts.status.textContent =
      words.length && (!chosen.length || chosen.length > SHOWN) ? format(label, values) : "";
    clearTimeout(rest);
    rest = setTimeout(() => {
      const said = chosen.length ? LABELS.found : LABELS.none;
      parts.announced.textContent = words.length ? format(said, values) : "";
    }, REST);
  }

  try {
    entries = await load(form.dataset.labsiteSearch);
  } catch {
    delete form.dataset.started;
    form.querySelector(".labsite-search-close")?.remove();
    form.querySelector(".labsite-search-found").replaceChildren(element("p", "labsite-search-status", LABELS.failed));
    return;
  }
  const topics = new Set(entries.flatMap((entry) => entry.topics));
  parts.topic.append(...[...topics].sort().map((topic) => new Option(topic)));
  if (!topics.size) parts.topic.remove();
  if (!form.closest("dialog") && !input.value) {
    input.value = new URLSearchParams(location.search).get("q") ?? "";
  }
  input.addEventListener("input", show);
  parts.topic.addEventListener("change", show);
  parts.chips.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (!button) return;
    kind = button.value;
    show();
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
  show();
}
