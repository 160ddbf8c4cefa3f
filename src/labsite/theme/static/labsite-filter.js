/**
 * Narrows the publications of a page by text, topic, year, venue, kind, person, by
 * whether they have code or an award, and to papers that an address names.
 *
 * Without this script the page is the complete list. With it, a form stands at the top
 * of the first .labsite-filterable; what it says is kept in the address, so that any
 * page can link to a part of the list. All is read from the page, nothing is fetched.
 *
 * The papers are indexed once. A change then costs one pass over the index, and only
 * elements whose appearance changes are touched.
 *
 * @typedef {object} Item  a paper on the list
 * @property {HTMLElement} element
 * @property {string} text  folded: title, authors, venue
 * @property {string} year  "" if it has none
 * @property {Record<string, string[]>} values  by facet
 * @property {string} venueName  in full
 *
 * @typedef {object} Facet  one thing to choose by
 * @property {string} key  in the address's query
 * @property {string[]} values  those that occur, in the order they are offered
 * @property {string[]} labels  how a reader sees them
 * @property {string[][]} spellings  folded, how an address may write them
 * @property {number[][]} byItem  the values of each paper, as places in `values`
 * @property {Set<number> | null} chosen  places in `values`; null: any; none: unknown
 */
"use strict";

(() => {
  const { fold, format } = globalThis.labsiteText; // labsite-text.js is loaded before
  const FLAGS = ["code", "award"]; // yes or no
  const FACETS = ["topic", "year", "venue", "kind", "person", ...FLAGS, "papers"];
  const SEVERAL = ["topic", "year", "venue", "kind"]; // of which one may choose several
  const KEYS = ["q", ...FACETS];
  const REST = 400; // ms that typing must rest before the number is announced
  const LABELS = {
    form: "Filter the papers",
    q: "Search",
    hint: "Title, author, venue, year",
    topic: "Topic",
    year: "Year",
    venue: "Venue",
    kind: "Kind",
    person: "Person",
    code: "With code",
    award: "With an award",
    papers: "Papers",
    another: "or another: {name}",
    any: "All",
    option: "{value} ({count})",
    some: "{shown} of {total} papers",
    all: "{total} papers",
    none: "No paper matches.",
    reset: "Reset",
    unknown: "Not found here: {values}.",
    value: "{name} “{value}”",
    files: "Files of all {total} papers, not only of those shown:",
  };
  /** @param {string | undefined} json  an object of strings
   * @returns {Map<string, string>} */
  function pairs(json) {
    return new Map(Object.entries(JSON.parse(json || "{}")));
  }

  /**
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {Record<string, string>} attributes
   * @param {(Node | string)[]} children
   */
  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const pair of Object.entries(attributes)) element.setAttribute(...pair);
    element.append(...children);
    return element;
  }

  /** @param {HTMLElement} element @param {boolean} hidden */
  function hide(element, hidden) {
    if (element.hidden !== hidden) element.hidden = hidden;
  }

  /** @param {Element} element @param {string} text */
  function say(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  /** @param {Element} element  of an author @returns {string}  without a raised mark */
  function nameOf(element) {
    if (!element.querySelector("sup")) return element.textContent ?? "";
    const copy = /** @type {Element} */ (element.cloneNode(true));
    for (const mark of copy.querySelectorAll("sup")) mark.remove();
    return copy.textContent ?? "";
  }

  /** @param {HTMLElement} element @returns {Item} */
  function readItem(element) {
    /** @param {string} name @param {(found: Element) => string | null} read */
    const texts = (name, read = (found) => found.textContent) =>
      [...element.querySelectorAll(`.labsite-${name}`)]
        .map((found) => (read(found) ?? "").replace(/\s+/g, " ").trim())
        .filter(Boolean);
    const { topics = "", kind = "", year = "", has = "", key = "" } = element.dataset;
    const venues = [...texts("venue-short"), ...texts("venue-full")];
    return {
      element,
      text: fold([...texts("title"), ...texts("authors"), ...venues].join(" ")),
      year,
      values: {
        topic: topics.split(/\s+/).filter(Boolean),
        year: year ? [year] : [],
        venue: venues.slice(0, 1),
        kind: kind ? [kind] : [],
        person: texts("author", nameOf),
        code: has.includes("code") ? ["yes"] : [],
        award: has.includes("award") ? ["yes"] : [],
        papers: key ? [key] : [],
      },
      venueName: venues.at(-1) ?? "",
    };
  }

  /** Offers named values in the order of the names, years newest first, others sorted.
   * @param {string} key @param {Item[]} items @param {Map<string, string>} names
   * @returns {Facet} */
  function makeFacet(key, items, names) {
    const { compare } = new Intl.Collator(document.documentElement.lang || undefined);
    const ranks = new Map([...names.keys()].map((name, rank) => [name, rank]));
    const sign = key === "year" ? -1 : 1;
    /** @param {string} value */
    const rank = (value) => ranks.get(value) ?? ranks.size;
    const values = [...new Set(items.flatMap((item) => item.values[key]))];
    values.sort((a, b) => rank(a) - rank(b) || sign * compare(a, b));

    const places = new Map(values.map((value, place) => [value, place]));
    const byItem = items.map(({ values: own }) =>
      [...new Set(own[key])].map((value) => /** @type {number} */ (places.get(value))),
    );
    const spellings = values.map((value) => [fold(value)]);
    if (key === "venue") {
      byItem.forEach((own, item) => {
        for (const place of own) spellings[place].push(fold(items[item].venueName));
      });
    }
    const labels = values.map((value) => names.get(value) ?? value);
    return { key, values, labels, spellings, byItem, chosen: null };
  }

  /** Finds what is meant: a value, several on a line each, years from and to, or the
   * people whose names begin with the words.
   * @param {Facet} facet @param {string} raw
   * @returns {Set<number>}  empty if it is nothing that occurs */
  function resolve(facet, raw) {
    const { key, values, spellings } = facet;
    const parts = raw.split(key === "papers" ? /[\n,]/ : "\n").filter((part) => part.trim());
    if (parts.length > 1) return new Set(parts.flatMap((part) => [...resolve(facet, part)]));
    const folded = fold(raw);
    if (!folded) return new Set();
    const [, from, to] = (key === "year" && /^(\d{4})-(\d{4})$/.exec(folded)) || [];
    if (from) {
      return new Set([...values.keys()].filter((place) => values[place] >= from && values[place] <= to));
    }
    if (values.includes(raw)) return new Set([values.indexOf(raw)]);
    /** @param {(spelling: string) => boolean} test */
    const where = (test) =>
      new Set([...values.keys()].filter((place) => spellings[place].some(test)));
    const same = where((spelling) => spelling === folded);
    if (same.size || key !== "person") return same;
    const words = folded.split(/[ -]/);
    return where((name) => {
      const parts = name.split(/[ -]/);
      return words.every((word) => parts.some((part) => part.startsWith(word)));
    });
  }

  /** Finds the papers that are asked for, and for each value of a facet how many there
   * would be if it were chosen: those that pass all conditions of *other* facets.
   * @param {Item[]} items @param {Facet[]} facets @param {string[]} words */
  function survey(items, facets, words) {
    const counts = facets.map(({ values }) => values.map(() => 0));
    const shown = items.map(({ text, year }, item) => {
      /** The end of a year is no word for it: "16" is in titles.
       * @param {string} word */
      const has = (word) => text.includes(word) || year.startsWith(word);
      if (!words.every(has)) return false;
      const failed = facets.filter(
        ({ chosen, byItem }) => chosen && !byItem[item].some((place) => chosen.has(place)),
      );
      facets.forEach((facet, number) => {
        if (failed.some((other) => other !== facet)) return;
        for (const place of facet.byItem[item]) counts[number][place] += 1;
      });
      return failed.length === 0;
    });
    return { shown, counts };
  }

  /** @param {string} key @param {string} label @param {HTMLElement[]} controls */
  function makeField(key, label, ...controls) {
    const caption = make("label", { for: `labsite-filter-${key}` }, label);
    const classes = `labsite-filter-field labsite-filter-${key}`;
    return make("div", { class: classes }, caption, ...controls);
  }

  /** A box to tick.
   * @param {Facet} facet @param {Record<string, string>} labels */
  function makeFlag(facet, labels) {
    const { key } = facet;
    const box = make("input", { id: `labsite-filter-${key}`, name: key, type: "checkbox", value: "yes" });
    const text = make("span", {});
    const field = make("label", { class: `labsite-filter-flag labsite-filter-${key}` }, box, text);
    return {
      field,
      /** @param {string} raw */
      set: (raw) => void (box.checked = raw === "yes"),
      /** @param {number[]} counts */
      show(counts) {
        hide(field, !facet.values.length && !facet.chosen);
        say(text, format(labels.option, { value: labels[key], count: counts[0] ?? 0 }));
      },
    };
  }

  /** A select, and one more where another value may count as well; for people, who may
   * be hundreds, a text box with suggestions.
   * @param {Facet} facet @param {Record<string, string>} labels */
  function makeControl(facet, labels) {
    if (FLAGS.includes(facet.key)) return makeFlag(facet, labels);
    const { key, values } = facet;
    const attributes = { id: `labsite-filter-${key}`, name: key };
    const options = values.map((value) => make("option", { value }));
    const any = make("option", { value: "" }, labels.any);
    const list = `${attributes.id}-list`;
    const typed = { ...attributes, type: "text", list, placeholder: labels.any };
    const box = key === "person" ? make("input", typed) : null;
    const control = box ?? make("select", attributes, any, ...options);
    const suggestions = box ? [make("datalist", { id: list }, ...options)] : [];
    const field = makeField(key, labels[key], control, ...suggestions);
    /** @type {HTMLSelectElement[]}  for further values */
    const further = [];
    const range = make("option", {}); // years from and to
    /** @param {string} raw */
    const add = (raw) => {
      const select = make("select", { name: key, "aria-label": labels[key] });
      select.append(any.cloneNode(true));
      values.forEach((value, place) => select.append(make("option", { value }, facet.labels[place])));
      select.value = raw;
      further.push(select);
      field.append(select);
      return select;
    };
    return {
      field,
      add,
      /** Shows what was asked. A select shows nothing where it has no such value, so
       * that "any" can be chosen. @param {string} raw */
      set(raw) {
        const [first = "", ...others] = box ? [raw] : raw.split("\n");
        const [place, more] = resolve(facet, first);
        range.remove();
        if (more !== undefined && !box) {
          range.value = first;
          range.text = first.replace("-", "–");
          control.append(range);
        }
        control.value = box || range.parentNode ? first : (values[place] ?? first);
        for (const select of further.splice(0)) select.remove();
        for (const other of others) add(values[[...resolve(facet, other)][0]] ?? other);
      },
      /** Says how many papers each value has. @param {number[]} counts */
      show(counts) {
        hide(field, key === "papers" || (values.length < 2 && !facet.chosen));
        options.forEach((option, place) => {
          const count = counts[place];
          // The name, too: some browsers show a suggestion's text in place of its value.
          say(option, format(labels.option, { value: facet.labels[place], count }));
          const useless = count === 0 && !facet.chosen?.has(place);
          if (option.disabled !== useless) option.disabled = option.hidden = useless;
        });
      },
    };
  }

  /** @param {Record<string, string>} labels */
  function makeSearch(labels) {
    const attributes = { id: "labsite-filter-q", name: "q", type: "search" };
    const box = make("input", { ...attributes, placeholder: labels.hint });
    /** @param {string} raw */
    const set = (raw) => void (box.value = raw);
    return { field: makeField("q", labels.q, box), set };
  }

  /** The sections of the list.
   * @param {HTMLElement} container @param {Item[]} items */
  function readGroups(container, items) {
    const sections = items.map(({ element }) => element.closest("section"));
    return [...new Set(sections)].flatMap((section) => {
      if (!section || !container.contains(section)) return [];
      return {
        count: section.querySelector(".labsite-count"),
        section,
        items: [...items.keys()].filter((item) => sections[item] === section),
      };
    });
  }

  /** @returns {Record<string, string>}  by key; "" asks nothing */
  function readAddress() {
    const query = new URLSearchParams(location.search);
    const read = (key) => query.getAll(key).map((value) => value.trim()).filter(Boolean).join("\n");
    return Object.fromEntries(KEYS.map((key) => [key, read(key)]));
  }

  /** Leaves the fragment, and what others put into the query, as they are.
   * @param {Record<string, string>} state */
  function writeAddress(state) {
    const others = location.search.slice(1).split("&").filter((part) => {
      const [key] = new URLSearchParams(part).keys();
      return part && !KEYS.includes(key);
    });
    const own = KEYS.filter((key) => state[key].trim());
    const query = new URLSearchParams(
      own.flatMap((key) => state[key].split("\n").map((value) => [key, value.trim()])),
    );
    const url = new URL(location.href);
    url.search = [...others, query.toString()].filter(Boolean).join("&");
    try {
      if (url.href !== location.href) history.replaceState(history.state, "", url);
    } catch {
      // Some browsers refuse this to local files, or after many changes in a short time.
      // The list is right all the same, and the next change writes the address again.
    }
  }

  /** @param {HTMLElement} container */
  function enhance(container) {
    /** @type {NodeListOf<HTMLElement>} */
    const elements = container.querySelectorAll(".labsite-publication");
    if (elements.length < 2) return;
    const { dataset } = container;
    /** @type {Record<string, string>} */
    const labels = { ...LABELS, ...Object.fromEntries(pairs(dataset.labels)) };
    const items = [...elements].map(readItem);
    const groups = readGroups(container, items);
    /** @type {NodeListOf<HTMLElement>} */
    const extras = container.querySelectorAll(".labsite-years, .labsite-legend");
    const facets = FACETS.map((key) => makeFacet(key, items, pairs(dataset[`${key}s`])));
    const years = facets[FACETS.indexOf("year")];
    /** @type {NodeListOf<HTMLAnchorElement>} */
    const strip = container.querySelectorAll(".labsite-years a");
    const search = makeSearch(labels);
    const controls = facets.map((facet) => makeControl(facet, labels));

    const button = { class: "labsite-filter-reset", type: "button" };
    const reset = make("button", button, labels.reset);
    const count = make("output", { class: "labsite-filter-count", "aria-live": "polite" });
    const unknown = make("span", { class: "labsite-filter-unknown", role: "status" });
    const none = make("p", { class: "labsite-filter-none" }, labels.none, " ", unknown);
    const more = make("div", { class: "labsite-filter-more" });
    const fields = [search, ...controls].map(({ field }) => field);
    const naming = { class: "labsite-filter", role: "search", "aria-label": labels.form };
    const form = make("form", naming, ...fields, count, reset, more);
    const note = make("span", { class: "labsite-exports-note" });
    const files = container.nextElementSibling;
    if (files?.matches(".labsite-exports")) files.prepend(note, " ");
    say(note, format(labels.files, { total: items.length }));

    let state = readAddress();
    let timer = 0;

    /** Brings the page to what the state asks. @param {number} delay  of saying so, ms */
    function update(delay) {
      for (const facet of facets) {
        const raw = state[facet.key].trim();
        facet.chosen = raw ? resolve(facet, raw) : null;
      }
      const { shown, counts } = survey(items, facets, fold(state.q).split(" "));
      items.forEach(({ element }, item) => hide(element, !shown[item]));
      for (const group of groups) {
        const left = group.items.filter((item) => shown[item]).length;
        if (group.count) say(group.count, String(left));
        hide(group.section, left === 0);
      }
      showStrip(counts);
      controls.forEach((control, place) => control.show(counts[place]));
      const number = shown.filter(Boolean).length;
      const asked = KEYS.some((key) => state[key].trim());
      hide(reset, !asked);
      offerMore();
      hide(none, number > 0);
      hide(note, number === items.length);
      for (const extra of extras) hide(extra, number === 0);
      clearTimeout(timer);
      if (delay) timer = setTimeout(announce, delay, number, asked);
      else announce(number, asked);
    }

    /** Marks the years that are chosen; others stay, so that one can choose them.
     * @param {number[][]} counts */
    function showStrip(counts) {
      for (const link of strip) {
        const place = years.values.indexOf(link.textContent);
        const chosen = Boolean(years.chosen?.has(place));
        hide(link, place >= 0 && !counts[FACETS.indexOf("year")][place] && !chosen);
        if (chosen) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }

    /** A year alone; with the one chosen before it a range; all again, where it was alone.
     * @param {string} year */
    function chooseYear(year) {
      const [one, other] = state.year ? resolve(years, state.year) : [];
      const before = other === undefined ? years.values[one] : undefined;
      const ends = [before ?? year, year].sort();
      if (before === year) state.year = "";
      else state.year = ends[0] === ends[1] ? year : ends.join("-");
      restore(state);
      writeAddress(state);
    }

    /** Offers one more value of what has one. */
    function offerMore() {
      const offered = facets.filter(
        ({ key, chosen, values }) => SEVERAL.includes(key) && chosen?.size && chosen.size + 1 < values.length,
      );
      more.replaceChildren(
        ...offered.map(({ key }) => {
          const text = format(labels.another, { name: labels[key] });
          const button = make("button", { type: "button" }, text);
          button.addEventListener("click", () => {
            controls[FACETS.indexOf(key)].add?.("").focus();
          });
          return button;
        }),
      );
    }

    /** @param {number} shown  how many papers @param {boolean} asked  for anything */
    function announce(shown, asked) {
      say(count, format(asked ? labels.some : labels.all, { shown, total: items.length }));
      const values = facets
        .filter(({ chosen }) => chosen?.size === 0)
        .map(({ key }) => format(labels.value, { name: labels[key], value: state[key].replaceAll("\n", ", ") }));
      say(unknown, values.length ? format(labels.unknown, { values: values.join(", ") }) : "");
    }

    /** @param {Record<string, string>} asked */
    function restore(asked) {
      state = asked;
      search.set(state.q);
      facets.forEach(({ key }, place) => controls[place].set(state[key]));
      update(0);
    }

    form.addEventListener("input", ({ target }) => {
      const typed = target instanceof HTMLInputElement;
      if (!typed && !(target instanceof HTMLSelectElement)) return;
      if (target.type === "checkbox") state[target.name] = target.checked ? target.value : "";
      else if (typed) state[target.name] = target.value;
      else {
        const selects = form.querySelectorAll(`select[name="${target.name}"]`);
        const values = [...selects].map((select) => /** @type {HTMLSelectElement} */ (select).value);
        state[target.name] = values.filter(Boolean).join("\n");
      }
      writeAddress(state);
      update(typed && target.type !== "checkbox" ? REST : 0);
    });
    for (const link of strip) {
      link.addEventListener("click", (event) => {
        if (!years.values.includes(link.textContent)) return;
        event.preventDefault();
        chooseYear(link.textContent);
      });
    }
    reset.addEventListener("click", () => {
      restore(Object.fromEntries(KEYS.map((key) => [key, ""])));
      writeAddress(state);
      form.querySelector("input")?.focus(); // the button is hidden now
    });
    addEventListener("popstate", () => restore(readAddress()));
    restore(state);
    container.prepend(form, none);
  }

  const container = document.querySelector(".labsite-filterable");
  if (container instanceof HTMLElement) enhance(container);
})();
