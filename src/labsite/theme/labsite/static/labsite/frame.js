/**
 * What the frame of every page does: colour mode, drawers of a narrow window, the
 * search's dialog, the mark in the list of headings. The search itself is loaded when
 * somebody opens it.
 */
"use strict";

(() => {
  const MODES = ["auto", "light", "dark"];
  const root = document.documentElement;
  const systemDark = matchMedia("(prefers-color-scheme: dark)");

  /** @param {string} selector @returns {HTMLElement[]} */
  const all = (selector) => [...document.querySelectorAll(selector)];

  // ---- Colour mode ----

  /** Shows the mode that was chosen, on this page or another. */
  function showMode() {
    try {
      const chosen = localStorage.getItem("mode");
      if (MODES.includes(chosen)) root.dataset.mode = chosen;
    } catch {
      // Storage is off: the choice lasts as long as the page.
    }
    const mode = root.dataset.mode;
    root.dataset.theme = mode === "auto" ? (systemDark.matches ? "dark" : "light") : mode;
    for (const button of all(".theme-switch-button")) {
      const names = JSON.parse(button.dataset.names);
      const label = (button.dataset.label ??= button.getAttribute("aria-label"));
      button.setAttribute("aria-label", `${label}: ${names[mode]}`);
      button.title = button.getAttribute("aria-label");
    }
  }

  function nextMode() {
    const mode = MODES[(MODES.indexOf(root.dataset.mode) + 1) % MODES.length];
    root.dataset.mode = mode;
    try {
      localStorage.setItem("mode", mode);
    } catch {
      // As above.
    }
    showMode();
  }

  showMode();
  systemDark.addEventListener("change", showMode);
  for (const event of ["pageshow", "storage"]) addEventListener(event, showMode);
  for (const button of all(".theme-switch-button")) button.addEventListener("click", nextMode);

  // ---- Dialogs: drawers and search ----

  /** Closes a dialog by a press on what is around it.
   * @param {HTMLDialogElement} dialog */
  function closeOutside(dialog) {
    dialog.addEventListener("click", ({ target, clientX, clientY }) => {
      const box = dialog.getBoundingClientRect();
      const inside =
        clientX >= box.left && clientX <= box.right &&
        clientY >= box.top && clientY <= box.bottom;
      // A press on a control by the keyboard has no place.
      if (target === dialog && !inside) dialog.close();
    });
  }

  /** Moves what is in one element, and its classes, which the stylesheet needs, to another.
   * @param {HTMLElement} from @param {HTMLElement} to */
  function move(from, to) {
    to.append(...from.childNodes);
    to.classList.add(...from.classList);
    from.removeAttribute("class");
  }

  /** @param {string} name  "primary" or "secondary" */
  function setUpDrawer(name) {
    const [toggle] = all(`.${name}-toggle`);
    const sidebar = document.getElementById(`pst-${name}-sidebar`);
    const dialog = document.getElementById(`pst-${name}-sidebar-modal`);
    if (!toggle || !sidebar || !(dialog instanceof HTMLDialogElement)) return;
    dialog.setAttribute("aria-label", toggle.getAttribute("aria-label"));
    // A phone has no Escape key, and who cannot see the page finds nothing beside it.
    const close = document.createElement("button");
    close.type = "button";
    close.className = "labsite-drawer-close";
    close.textContent = toggle.dataset.close;
    close.addEventListener("click", () => dialog.close());
    toggle.addEventListener("click", () => {
      move(sidebar, dialog);
      dialog.prepend(close);
      dialog.showModal();
      dialog.focus(); // not its first link, which would be outlined after a tap
      toggle.setAttribute("aria-expanded", "true");
    });
    dialog.addEventListener("close", () => {
      toggle.setAttribute("aria-expanded", "false");
      close.remove();
      move(dialog, sidebar);
    });
    // A link to a heading of this very page loads nothing that would close it.
    dialog.addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest('a[href^="#"]')) dialog.close();
    });
    closeOutside(dialog);
    addEventListener("pagehide", () => dialog.close()); // who comes back comes to the page
    // A window that became wide shows the sidebar itself, and no toggle.
    new ResizeObserver(() => {
      if (dialog.open && !toggle.checkVisibility()) dialog.close();
    }).observe(toggle);
  }

  /** Closes the list of more parts when the reader turns to something else.
   * @param {Event} event */
  function closeMore({ target }) {
    for (const list of all(".labsite-more[open]")) {
      if (!list.contains(/** @type {Node} */ (target))) list.removeAttribute("open");
    }
  }

  addEventListener("click", closeMore);
  addEventListener("focusin", closeMore);
  addEventListener("keydown", ({ key, target }) => {
    const list = target instanceof Element && target.closest(".labsite-more[open]");
    if (key !== "Escape" || !list) return;
    list.removeAttribute("open");
    list.querySelector("summary").focus();
  });

  setUpDrawer("primary");
  setUpDrawer("secondary");

  const searchDialog = document.getElementById("pst-search-dialog");

  /** @type {Promise<void> | undefined} */
  let searchScript;

  /** @param {HTMLElement} form */
  async function startSearch(form) {
    searchScript ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = form.dataset.labsiteSearchScript;
      script.onload = () => resolve();
      script.onerror = reject;
      document.head.append(script);
    });
    try {
      await searchScript;
    } catch {
      searchScript = undefined; // the next try loads it again
      return;
    }
    globalThis.labsiteSearch.start(form);
  }

  function openSearch() {
    const form = searchDialog.querySelector("form");
    if (searchDialog.open || !form) return;
    searchDialog.showModal();
    form.querySelector("input")?.select();
    void startSearch(form);
  }

  if (searchDialog instanceof HTMLDialogElement) {
    closeOutside(searchDialog);
    for (const button of all(".search-button__button")) {
      button.addEventListener("click", openSearch);
    }
    addEventListener("keydown", (event) => {
      const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event;
      const typing = target instanceof Element && target.closest("input, textarea, select");
      const command = (ctrlKey !== metaKey) && !altKey && !shiftKey && key.toLowerCase() === "k";
      const slash = key === "/" && !ctrlKey && !metaKey && !altKey && !typing;
      if (!command && !slash) return;
      event.preventDefault();
      openSearch();
    });
    // Back from a result: the query is in the address, as labsite-search.js has left it.
    if (new URLSearchParams(location.search).get("search")) openSearch();
  }
  if (/^Mac|^iP/.test(navigator.platform)) {
    for (const key of all(".search-button__kbd-shortcut .kbd-shortcut__modifier:first-child")) {
      key.textContent = "⌘";
    }
  }
  // A form on the page itself: at once where an address has asked for something, as that
  // of the page for lost addresses has.
  const lost = document.getElementById("not-found") && !location.pathname.endsWith("/404.html");
  const asks = lost || new URLSearchParams(location.search).get("q");
  for (const form of all("main form.labsite-search")) {
    form.addEventListener("focusin", () => void startSearch(form));
    if (asks) void startSearch(form);
  }

  // ---- Where the reader is, in the list of headings ----

  const links = new Map(
    all("#pst-page-toc-nav a[href^='#']").map((link) => [
      document.getElementById(decodeURIComponent(link.hash.slice(1))), link,
    ]),
  );
  links.delete(null);

  /** @param {HTMLElement} current */
  function mark(current) {
    for (const link of links.values()) {
      const here = link === current;
      link.classList.toggle("active", here);
      if (here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    // The stylesheet unfolds the headings below an active one.
    for (const entry of all("#pst-page-toc-nav .toc-entry")) {
      entry.classList.toggle("active", entry.contains(current));
    }
  }

  const visible = new Set();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) visible.add(target);
        else visible.delete(target);
      }
      // The last one in the order of the page: sections contain one another.
      const here = [...links.keys()].findLast((section) => visible.has(section));
      if (here) mark(links.get(here));
    },
    { rootMargin: "-25% 0px -70% 0px" },
  );
  for (const section of links.keys()) observer.observe(section);

  // ---- A reader whose browser asks for another language of the site is told once ----

  const asked = navigator.language.split("-")[0];
  for (const link of all("a.labsite-language")) {
    if (!(link instanceof HTMLAnchorElement) || link.lang.split("-")[0] !== asked) continue;
    try {
      if (localStorage.getItem("labsite-offered")) continue;
      localStorage.setItem("labsite-offered", "yes");
    } catch {
      continue; // it could not be told only once
    }
    const offer = link.cloneNode();
    if (!(offer instanceof HTMLAnchorElement)) continue;
    offer.className = "labsite-offer d-print-none";
    offer.textContent = link.dataset.offer ?? "";
    // In a landmark, so that readers who go from one to the next find it.
    (document.querySelector("footer") ?? document.body).append(offer);
  }

  // ---- What scrolls by itself can be reached by the keyboard ----

  const scrolling = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const element of all("pre, .pst-scrollable-table-container")) scrolling.observe(element);
})();
