/**
 * Loads what a list of papers needs when somebody uses it: the shelf with the first paper
 * that is kept, the filter with the first touch of its form or an address that asks for
 * a part of the list.
 */
"use strict";

(() => {
  const own = /** @type {HTMLScriptElement} */ (document.currentScript);
  const known = JSON.parse(document.querySelector("script#labsite-labels")?.textContent || "{}");
  /** A label in the language of the page. @param {string} text @returns {string} */
  const _ = (text) => known[text] ?? text;
  /** @type {Map<string, Promise<void>>} */
  const loading = new Map();

  /** Loads a script beside this one, once; again if that failed. @param {string} name @returns {Promise<void>} */
  function load(name) {
    const before = loading.get(name);
    if (before) return before;
    /** @type {Promise<void>} */
    const loaded = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(`labsite-${name}.js?v=${own.dataset.version ?? ""}`, own.src).href;
      script.onload = () => resolve();
      script.onerror = (error) => {
        loading.delete(name);
        reject(error);
      };
      document.head.append(script);
    });
    loading.set(name, loaded);
    return loaded;
  }

  /** @param {string} name  of a script that builds on labsite-text.js */
  const start = (name) => load("text").then(() => load(name));

  // ---- Shelf ----

  const NAME = "labsite-shelf"; // in the browser's storage
  /** What is kept where storage is off: it lasts as long as the page. @type {string[]} */
  let unstored = [];

  // Here, not in the script that shows it: a reader may leave before that is loaded.
  const shelf = globalThis.labsiteShelf = {
    /** The keys of the papers that are kept. @returns {string[]} */
    read() {
      try {
        const kept = JSON.parse(localStorage.getItem(NAME) ?? "[]");
        return Array.isArray(kept) ? kept.filter((key) => typeof key === "string") : [];
      } catch {
        return unstored;
      }
    },
    /** @param {string[]} keys */
    write(keys) {
      unstored = [...new Set(keys)];
      try {
        if (keys.length) localStorage.setItem(NAME, JSON.stringify(unstored));
        else localStorage.removeItem(NAME);
      } catch {
        // Storage is off.
      }
      showShelf();
    },
  };

  /** Shows what is kept, once anything is. */
  function showShelf() {
    if (!shelf.read().length && !globalThis.labsiteShowShelf) return;
    void start("shelf").then(() => globalThis.labsiteShowShelf());
  }
  // Another window, or a page from which the reader comes back to this one, may have changed it.
  for (const change of ["pageshow", "storage"]) addEventListener(change, showShelf);

  // The address of the files of all papers, without their endings.
  globalThis.labsitePapers = new URL(`../${own.dataset.all}`, own.src).href.split("?")[0];

  for (const item of document.querySelectorAll("[data-key], [data-paper]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "labsite-keep";
    button.textContent = _("Keep");
    button.setAttribute("aria-pressed", "false");
    const title = item.querySelector(":scope > .labsite-title")?.firstElementChild?.textContent;
    if (title) button.ariaLabel = `${_("Keep")}: ${title.replace(/\s+/g, " ").trim()}`;
    button.addEventListener("click", () => {
      const { key, paper = "" } = /** @type {HTMLElement} */ (item).dataset;
      const [kept, own] = [shelf.read(), key ?? paper];
      shelf.write(kept.includes(own) ? kept.filter((other) => other !== own) : [...kept, own]);
    });
    // On a paper's page among the buttons, if there are any, else below the facts; in a list at
    // the end of the title's line.
    const links = item.querySelector(":scope.labsite-paper > .labsite-links");
    const columns = item.querySelector(":scope > .labsite-paper-columns");
    if (columns && !links) columns.before(button);
    else (links ?? item).append(button);
  }

  // ---- Filter ----

  const form = /** @type {HTMLFormElement | null} */ (document.querySelector(".labsite-filter"));
  const strip = document.querySelector(".labsite-filterable .labsite-years");
  if (!form) return;
  const filter = () => start("filter");
  for (const element of [form, strip]) {
    // Not only once: the first try can fail.
    element?.addEventListener("pointerenter", filter);
    element?.addEventListener("focusin", filter);
  }
  strip?.addEventListener("click", (event) => {
    const { target, ctrlKey, metaKey, shiftKey } = /** @type {MouseEvent} */ (event);
    const year = /** @type {HTMLElement} */ (target).textContent ?? "";
    // With a key held down, a click opens another tab or window.
    if (ctrlKey || metaKey || shiftKey || !/^\d{4}$/.test(year)) return;
    event.preventDefault();
    void filter().then(() => globalThis.labsiteChooseYear(year));
  });
  if (form.q.value || location.search) void filter();
})();
