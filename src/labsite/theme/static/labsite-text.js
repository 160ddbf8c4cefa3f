/**
 * How the scripts of lists and the search treat text.
 *
 * A plain script, because browsers load no modules from a folder that no server serves,
 * where the filter has to work.
 */
"use strict";

(() => {
  const known = JSON.parse(document.querySelector("script#labsite-labels")?.textContent || "{}");
  /** Characters that Unicode does not decompose, and what people type for them. */
  const TYPED = new Map([
    ["ß", "ss"], ["æ", "ae"], ["œ", "oe"], ["ø", "o"], ["đ", "d"], ["ð", "d"],
    ["þ", "th"], ["ł", "l"], ["ı", "i"], ["’", "'"],
  ]);

  globalThis.labsiteText = {
    /** Returns a label in the language of the page. @param {string} text @returns {string} */
    _: (text) => known[text] ?? text,

    /** Removes what a search should not depend on: case, accents, kinds of dash and space.
     * @param {string} text */
    fold(text) {
      return text
        .normalize("NFKD")
        .toLowerCase()
        .replace(/[\p{M}\p{Cf}]/gu, "")
        .replace(/\p{Pd}/gu, "-")
        .replace(/[^\0-\x7f]/gu, (letter) => TYPED.get(letter) ?? letter)
        .replace(/\s+/gu, " ")
        .trim();
    },

    /** Fills the fields of a template, such as "{shown} of {total}".
     * @param {string} template @param {Record<string, string | number>} values */
    format(template, values) {
      return template.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
    },
  };
})();
