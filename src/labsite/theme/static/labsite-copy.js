/**
 * Puts a button above each BibTeX entry, and each other text to cite by, that copies it.
 *
 * Without this script, or where a browser lets no page copy, the entry can still be
 * selected by hand, and no button promises otherwise.
 */
"use strict";

(() => {
  const LABELS = {
    copy: "Copy BibTeX",
    copyText: "Copy",
    copied: "Copied",
    failed: "This browser does not let the page copy; the text is selected.",
  };

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

  /** @param {HTMLElement} block @param {HTMLElement} source */
  function enhance(block, source) {
    const labels = { ...LABELS, ...JSON.parse(block.dataset.labels || "{}") };
    const button = document.createElement("button");
    button.type = "button";
    button.className = "labsite-copy-button";
    button.textContent = block.matches(".labsite-bibtex") ? labels.copy : labels.copyText;
    const status = document.createElement("span");
    status.className = "labsite-copy-status";
    status.setAttribute("role", "status");
    const bar = document.createElement("div");
    bar.className = "labsite-copy";
    bar.append(button, status);

    button.addEventListener("click", async () => {
      status.textContent = ""; // so that a second copy is announced again
      const copied = await copy(source);
      status.textContent = copied ? labels.copied : labels.failed;
      if (!copied) button.remove();
    });
    block.prepend(bar);
  }

  if (!navigator.clipboard && !document.execCommand) return;
  for (const block of document.querySelectorAll("div.labsite-bibtex, .labsite-copied")) {
    const source = block.querySelector("pre");
    if (block instanceof HTMLElement && source) enhance(block, source);
  }
})();
