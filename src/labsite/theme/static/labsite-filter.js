/**
 * Filters the publications of a page by text, topic, year, venue, kind, person, by whether
 * they have code or an award, and to papers that an address names.
 *
 * The form is that of labsite-filter.html; labsite-list.js loads this script when the form
 * is first used. The state is kept in the address, so that any page can link to a part of
 * the list. All is read from the page, nothing is fetched.
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
 * @property {Set<number> | null} chosen  places in `values`; null: any; empty: unknown
 *
 * @typedef {Record<string, string[]>} State  what is asked, by key
 */
"use strict";

(() => {
  const { _, fold, format } = globalThis.labsiteText; // labsite-text.js is loaded before
  const MENUS = ["topic", "year", "venue", "kind"];
  const FLAGS = ["code", "award"];
  const FACETS = [...MENUS, "person", ...FLAGS, "papers"];
  const KEYS = ["q", ...FACETS];
  const REST = 400; // ms that typing must rest before the number is announced
  const HIGHEST = 8; // the length of the longest bar of a year

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

  /** @param {Element} element @param {string | number} text */
  function write(element, text) {
    if (element.textContent !== String(text)) element.textContent = String(text);
  }

  // ---- The index ----

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
        topic: topics.split(",").filter(Boolean),
        year: year ? [year] : [],
        venue: venues.slice(0, 1),
        kind: kind ? [kind] : [],
        person: texts("authors > *", nameOf),
        code: has.includes("code") ? ["yes"] : [],
        award: has.includes("award") ? ["yes"] : [],
        papers: key ? [key] : [],
      },
      venueName: venues.at(-1) ?? "",
    };
  }

  /** Returns a facet with named values in the order of the names, years newest first, and
   * others sorted.
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

  /** Finds the places of a value, of years from and to, or of the people whose names begin
   * with the words.
   * @param {Facet} facet @param {string} asked
   * @returns {number[]}  empty for what does not occur */
  function resolve({ key, values, spellings }, asked) {
    const folded = fold(asked);
    if (!folded) return [];
    const places = [...values.keys()];
    const [, from, to] = (key === "year" && /^(\d{4})-(\d{4})$/.exec(folded)) || [];
    if (from) return places.filter((place) => values[place] >= from && values[place] <= to);
    if (values.includes(asked)) return [values.indexOf(asked)];
    /** @param {(spelling: string) => boolean} test */
    const where = (test) => places.filter((place) => spellings[place].some(test));
    const same = where((spelling) => spelling === folded);
    if (same.length || key !== "person") return same;
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

  // ---- The address ----

  /** @returns {State} */
  function readAddress() {
    const query = new URLSearchParams(location.search);
    /** @param {string} key */
    const read = (key) => query.getAll(key).flatMap((value) => (key === "papers" ? value.split(",") : [value]));
    return Object.fromEntries(
      KEYS.map((key) => [key, read(key).map((value) => value.trim()).filter(Boolean)]),
    );
  }

  /** Leaves the fragment, and what others put into the query, as they are.
   * @param {State} state */
  function writeAddress(state) {
    const others = location.search.slice(1).split("&").filter((part) => {
      const [key] = new URLSearchParams(part).keys();
      return part && !KEYS.includes(key);
    });
    const query = new URLSearchParams(
      KEYS.flatMap((key) => state[key].map((value) => [key, value.trim()])).filter(([, value]) => value),
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

  // ---- The form ----

  /** What a field asks for. @param {HTMLInputElement} field @returns {string[]} */
  function readField({ type, checked, value }) {
    return value.trim() && (checked || type !== "checkbox") ? [value] : [];
  }

  /** A menu of boxes to tick.
   * @param {HTMLDetailsElement} menu @param {Facet} facet */
  function fillMenu(menu, facet) {
    const summary = /** @type {HTMLElement} */ (menu.querySelector("summary"));
    const name = summary.textContent ?? "";
    const list = make("div", { class: "labsite-menu-list", role: "group", "aria-label": name });
    menu.append(list);
    /** @param {string} value @param {string} label */
    const offer = (value, label) => {
      const box = make("input", { type: "checkbox", name: facet.key, value });
      const count = make("span", { class: "labsite-count" });
      const row = make("label", {}, box, make("span", {}, label), " ", count);
      list.append(row);
      return { box, count, row };
    };
    const offers = facet.values.map((value, place) => offer(value, facet.labels[place]));
    /** @type {HTMLElement[]}  of what an address asks for and no paper has */
    let unknown = [];
    return {
      /** @param {string[]} asked */
      set(asked) {
        for (const row of unknown) row.remove();
        unknown = asked.filter((value) => !resolve(facet, value).length).map((value) => {
          const { box, row } = offer(value, value);
          box.checked = true;
          return row;
        });
        offers.forEach(({ box }, place) => void (box.checked = Boolean(facet.chosen?.has(place))));
        const range = asked.length === 1 && facet.chosen && facet.chosen.size > 1;
        const said = range ? asked[0].replace("-", "–")
          : asked.map((value) => facet.labels[resolve(facet, value)[0]] ?? value).join(", ");
        write(summary, said ? `${name}: ${said}` : name);
        hide(menu, facet.values.length < 2 && !asked.length);
      },
      /** @param {number[]} counts */
      show(counts) {
        offers.forEach(({ box, count, row }, place) => {
          write(count, counts[place]);
          hide(row, !counts[place] && !box.checked);
        });
      },
    };
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

  /** @param {HTMLElement} container @param {HTMLFormElement} form */
  function enhance(container, form) {
    /** @template {HTMLElement} Kind @param {string} selector @returns {Kind[]} */
    const all = (selector) => [...container.querySelectorAll(selector)];
    const [none] = all(".labsite-filter-none");
    const [reset] = all(".labsite-filter-reset");
    const [count] = all(".labsite-filter-count");
    const unknown = /** @type {Element} */ (none.querySelector("[role=status]"));
    const items = all(".labsite-publication").map(readItem);
    const groups = readGroups(container, items);
    const extras = all(".labsite-years, .labsite-legend");
    /** @type {HTMLAnchorElement[]} */
    const strip = all(".labsite-years a");
    const facets = FACETS.map((key) => {
      const names = JSON.parse(container.dataset[`${key}s`] ?? "{}");
      return makeFacet(key, items, new Map(Object.entries(names)));
    });
    const years = facets[FACETS.indexOf("year")];
    const people = facets[FACETS.indexOf("person")];
    /** @type {HTMLDetailsElement[]} */
    const details = all(".labsite-menu");
    const menus = details.map((menu, place) => fillMenu(menu, facets[place]));
    const names = Object.fromEntries([
      ...details.map((menu) => [menu.dataset.menu, menu.querySelector("summary")?.textContent]),
      ["person", form.person.placeholder],
    ]);
    const note = make("span", { class: "labsite-exports-note" },
      format(_("Files of all {total} papers, not only of those shown:"), { total: items.length }));
    const files = container.nextElementSibling;
    if (files?.matches(".labsite-exports")) files.prepend(note, " ");
    const everything = count.textContent;

    const fields = ["q", "person", ...FLAGS].flatMap((key) => {
      const field = form.elements.namedItem(key);
      return field instanceof HTMLInputElement ? field : [];
    });
    let state = readAddress();
    // What somebody typed or ticked while this script was on its way.
    const early = fields.filter((field) => !state[field.name].length && readField(field).length);
    for (const field of early) state[field.name] = readField(field);
    let timer = 0;

    /** Brings the page to what the state asks. @param {number} delay  of the number, ms */
    function update(delay) {
      for (const facet of facets) {
        const asked = state[facet.key];
        facet.chosen = asked.length ? new Set(asked.flatMap((value) => resolve(facet, value))) : null;
      }
      const { shown, counts } = survey(items, facets, fold(state.q.join(" ")).split(" "));
      items.forEach(({ element }, item) => hide(element, !shown[item]));
      for (const group of groups) {
        const left = group.items.filter((item) => shown[item]).length;
        if (group.count) write(group.count, left);
        hide(group.section, left === 0);
      }
      menus.forEach((menu, place) => {
        menu.set(state[MENUS[place]]);
        menu.show(counts[place]);
      });
      for (const flag of FLAGS) {
        const row = form.elements.namedItem(flag)?.closest("label");
        if (row) write(row.querySelector(".labsite-count"), counts[FACETS.indexOf(flag)][0] ?? 0);
      }
      offerPeople(counts[FACETS.indexOf("person")]);
      showStrip(counts[FACETS.indexOf("year")]);
      const number = shown.filter(Boolean).length;
      hide(reset, !KEYS.some((key) => state[key].length));
      hide(none, number > 0);
      hide(note, number === items.length);
      for (const extra of extras) hide(extra, number === 0);
      clearTimeout(timer);
      if (delay) timer = setTimeout(announce, delay, number);
      else announce(number);
    }

    /** @param {number[]} counts */
    function offerPeople(counts) {
      const offered = people.labels.flatMap((value, place) => {
        if (!counts[place]) return [];
        // The name, too: some browsers show a suggestion's text in place of its value.
        return make("option", { value }, `${value} (${counts[place]})`);
      });
      document.getElementById("labsite-filter-people")?.replaceChildren(...offered);
    }

    /** Gives each year a bar for the papers that it would leave, and marks those chosen.
     * @param {number[]} counts */
    function showStrip(counts) {
      const most = Math.max(1, ...counts);
      for (const link of strip) {
        const place = years.values.indexOf(link.textContent);
        if (place < 0) continue;
        const chosen = Boolean(years.chosen?.has(place));
        hide(link, !counts[place] && !chosen);
        link.style.setProperty("--labsite-bar", String((HIGHEST * counts[place]) / most));
        if (chosen) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }

    /** Chooses a year alone; with the one chosen before it a range; all again, where it was
     * alone. @param {string} year */
    function chooseYear(year) {
      const chosen = state.year.flatMap((asked) => resolve(years, asked));
      const before = chosen.length === 1 ? years.values[chosen[0]] : undefined;
      const [from, to] = [before ?? year, year].sort();
      if (before === year) state.year = [];
      else state.year = [from === to ? year : `${from}-${to}`];
      writeAddress(state);
      update(0);
    }

    /** @param {number} shown  how many papers */
    function announce(shown) {
      const asked = KEYS.some((key) => state[key].length);
      write(count, asked ? format(_("{shown} of {total} papers"), { shown, total: items.length }) : everything);
      const values = facets
        .filter(({ chosen }) => chosen?.size === 0)
        .map(({ key }) => `${names[key] ?? ""} “${state[key].join(", ")}”`.trim());
      write(unknown, values.length ? format(_("Not found here: {values}."), { values: values.join(", ") }) : "");
    }

    /** @param {State} asked */
    function restore(asked) {
      state = asked;
      for (const field of fields) {
        if (field.type === "checkbox") field.checked = state[field.name].includes(field.value);
        else field.value = state[field.name].join(" ");
      }
      update(0);
    }

    form.addEventListener("input", ({ target }) => {
      if (!(target instanceof HTMLInputElement)) return;
      const { name, type } = target;
      const ticked = all(`.labsite-filter [name="${name}"]:checked`);
      if (type === "checkbox") state[name] = ticked.map((box) => box.getAttribute("value") ?? "");
      else state[name] = readField(target);
      writeAddress(state);
      update(type === "checkbox" ? 0 : REST);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    /** @param {EventTarget | null} [but] */
    const close = (but) => {
      for (const menu of details) if (!menu.contains(/** @type {Node | null} */ (but ?? null))) menu.open = false;
    };
    addEventListener("click", ({ target }) => close(target));
    form.addEventListener("focusin", ({ target }) => close(target));
    form.addEventListener("keydown", ({ key }) => {
      const menu = details.find(({ open }) => open);
      if (key !== "Escape" || !menu) return;
      close();
      menu.querySelector("summary")?.focus();
    });
    reset.addEventListener("click", () => {
      restore(Object.fromEntries(KEYS.map((key) => [key, []])));
      writeAddress(state);
      form.q.focus(); // the button is hidden now
    });
    addEventListener("popstate", () => restore(readAddress()));
    restore(state);
    if (early.length) writeAddress(state);
    globalThis.labsiteChooseYear = chooseYear; // for labsite-list.js
  }

  const form = document.querySelector(".labsite-filter");
  const container = form?.closest(".labsite-filterable");
  if (form instanceof HTMLFormElement && container instanceof HTMLElement) enhance(container, form);
})();
