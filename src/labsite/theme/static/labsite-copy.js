/**
 * Adds buttons that copy: each BibTeX entry and other text to cite by, and addresses that
 * are written as they are spoken, as they are meant.
 *
 * Without this script, or where a browser lets no page copy, the text can still be
 * selected by hand, and no button promises otherwise.
 */
"use strict";

(() => {
  const known = JSON.parse(document.querySelector("script#labsite-labels")?.textContent || "{}");
  /** A label in the language of the page. @param {string} text @returns {string} */
  const _ = (text) => known[text] ?? text;

  /** Copies by the selection, for pages that are not served over a secure connection.
   * @param {HTMLElement} source
   * @returns {boolean}  whether it worked; if not, the text stays selected */
  function copySelected(source) {
    const selection = getSelection();
    selection?.selectAllChildren(source);
    const copied = document.execCommand?.("copy") ?? false;
    if (copied) selection?.removeAllRanges();
    return copied;
  }

  /** @param {HTMLElement} source @returns {Promise<boolean>}  whether it worked */
  async function copy(source) {
    try {
      await navigator.clipboard.writeText(source.textContent ?? "");
      return true;
    } catch {
      // There is no clipboard here, or it was denied.
      return copySelected(source);
    }
  }

  /** @param {string} className @param {string} text */
  function makeButton(className, text) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = className;
    button.textContent = text;
    return button;
  }

  /** @param {HTMLElement} block @param {HTMLElement} source */
  function enhance(block, source) {
    const text = block.matches(".labsite-bibtex") ? _("Copy BibTeX") : _("Copy");
    const button = makeButton("labsite-copy-button", text);
    const status = document.createElement("span");
    status.className = "labsite-copy-status";
    status.setAttribute("role", "status");
    const bar = document.createElement("div");
    bar.className = "labsite-copy";
    bar.append(button, status);

    button.addEventListener("click", async () => {
      status.textContent = ""; // so that a second copy is announced again
      const copied = await copy(source);
      status.textContent = copied
        ? _("Copied")
        : _("This browser does not let the page copy; the text is selected.");
      if (!copied) button.remove();
    });
    block.prepend(bar);
  }

  /** @param {Element} spoken */
  function enhanceAddress(spoken) {
    const button = makeButton("labsite-copy-contact", _("Copy"));
    button.addEventListener("click", async () => {
      const address = (spoken.textContent ?? "").replace(/ at /g, "@").replace(/ dot /g, ".");
      await navigator.clipboard.writeText(address).then(
        () => { button.textContent = _("Copied"); },
        () => button.remove(), // it can still be selected
      );
    });
    spoken.after(" ", button);
  }

  if (!navigator.clipboard && !document.execCommand) return;
  for (const block of document.querySelectorAll("div.labsite-bibtex, .labsite-copied")) {
    const source = block.querySelector("pre");
    if (block instanceof HTMLElement && source) enhance(block, source);
  }
  if (!navigator.clipboard) return;
  const addresses = "main :is(li, .sd-card-text, .labsite-contact-line) .labsite-contact";
  document.querySelectorAll(addresses).forEach(enhanceAddress);
})();
