/**
 * Finds entries by words: an inverted index in memory, without anything of a page.
 *
 * A query is split into words; each must be found, as a word or as the beginning of one
 * (in Korean, whose words take endings, anywhere in one). Synonyms count as the word
 * itself, a little less. A word that is nowhere is taken apart ("inmemory"), read as a
 * Korean name, or replaced by what differs from it in one letter.
 *
 * @typedef {object} Entry  something that can be found
 * @property {string} kind
 * @property {string} title
 * @property {[string, number][]} fields  a text, and what a word in it counts
 * @property {string} [ids]  identifiers that are found as they are, by space
 * @property {string} [names]  a person's names, by comma: found by Korean spellings too
 * @property {string} [page]  of which only the best part is shown
 * @property {string} date  ISO 8601, of which any part may be missing; newer comes first
 *
 * @typedef {object} Term  what one part of a query may be
 * @property {[string[], number][]} choices  adjacent words, and their factor
 *
 * @typedef {object} Answer
 * @property {Entry[]} entries  the best first
 * @property {string[]} words  what to mark
 * @property {boolean} near  whether not all that was asked is found
 */
"use strict";

(() => {
  const { fold } = globalThis.labsiteText;
  const SYNONYM = 0.8;
  const GUESS = 0.5;
  const WANTED = 5; // for entries of the kind that a question names
  const STOP = new Set(
    "a an and are as at by for from how in is it its of on or s that the their this to was we what which who whom whose with".split(" "),
  );
  // Words of a question beside its subject; alone, they are searched like others.
  const ASKING = new Set("about any can do does find i me my show someone tell there work working works you your".split(" "));
  const KINDS = new Map([
    ["who", "people"], ["whom", "people"], ["whose", "people"], [fold("누가"), "people"], ["people", "people"],
    ["papers", "papers"], ["publications", "papers"],
  ]);
  const FOREIGN = /[^\0-\u036f\u2000-\u22ff]/; // of no Latin text
  const NON_ASCII = /[^\0-\x7f]/;
  const HANGUL = /^[\u1100-\u1112\u1161-\u1175\u11a8-\u11c2]+$/; // as fold() leaves it
  const UNDONE = /[\u1100-\u1112\u1169\u116e\u1173\u11a8-\u11c2]$/; // a consonant, ㅗ, ㅜ or ㅡ
  // Of two consonants below a vowel the first: the other may begin the next syllable.
  const FIRST = {
    "\u11aa": "\u11a8", "\u11ac": "\u11ab", "\u11ad": "\u11ab", "\u11b0": "\u11af", "\u11b1": "\u11af", "\u11b2": "\u11af",
    "\u11b3": "\u11af", "\u11b4": "\u11af", "\u11b5": "\u11af", "\u11b6": "\u11af", "\u11b9": "\u11b8",
  };
  const PARTICLE = fold("은 는 이 가 을 를 의 에 에서 에게 으로 로 과 와 도 만 까지 부터 들 님 하는 하기 하고 하려면 합니다").split(" ");

  // Korean letters as names write them in Latin ones: by the official rules and by habit.
  const INITIALS = ["[gk]", "kk|gg", "n", "d|t", "tt|dd", "[rl]", "m", "[bp]", "pp|bb", "sh?", "ss", "[lry]?", "[jcz]h?", "jj|zz", "ch?", "k|kh", "t|th", "p|ph|f", "h"];
  const VOWELS = ["ah?r?", "ae|ai|a", "ya", "yae", "eou?|u|o", "e|ae", "ye?[ou]u?n?|yeo", "y?e", "oh?", "w?ha|wa", "wae", "o[ei]|we", "yo", "oo|wo?o?|u", "wo|weo|o", "we", "wi|ui|wee", "yo?u|yoo", "eu|u|oo", "e?u?i|ee", "i|ee|y"];
  const FINALS = ["k|g|ck|c", "k", "k", "n", "n", "n", "t|d", "l|r", "l|k", "m", "l|p", "l", "l", "l|p", "l", "m", "p|b", "p", "t|s|d", "t", "ng|n", "t", "t", "k", "t", "p", "t|h"];

  /** Words, the parts of compounds, and the compounds in one.
   * @param {string} text @returns {Iterable<string>} */
  function* wordsOf(text) {
    for (const [run] of text.matchAll(/[\p{L}\p{N}\p{M}]+(?:[-'’‐-―][\p{L}\p{N}\p{M}]+)*/gu)) {
      const parts = run.split(/[-'’‐-―]/);
      for (const part of parts) {
        yield fold(part);
        const humps = part.split(/(?<=\p{Ll})(?=\p{Lu})/u);
        if (humps.length > 1) yield* humps.filter((hump) => hump.length > 2).map(fold);
      }
      if (parts.length > 1) yield fold(parts.join(""));
    }
  }

  /** The words of a query or a synonym, in order.
   * @param {string} text @returns {string[]} */
  const split = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

  /** A word and its other spellings: British, American, singular.
   * @param {string} word */
  function variants(word) {
    const all = [word];
    if (word.length > 4) {
      all.push(
        word.replace(/is(?=(e|es|ed|er|ers|ing|ation|ations)$)/, "iz"),
        word.replace(/iz(?=(e|es|ed|er|ers|ing|ation|ations)$)/, "is"),
        word.replace(/our/, "or"),
        word.replace(/(?<!o)or(?=s?$|ing$|ed$)/, "our"),
      );
      // The stem, of which all forms are longer words.
      if (word.length > 6) all.push(word.replace(/(?<=at|iz)(e|es|ed|ing|ions?|ors?|ations?)$/, ""));
      if (/[^s]s$/.test(word)) all.push(word.slice(0, -1));
      if (/ies$/.test(word)) all.push(word.slice(0, -3));
    }
    return new Set(all);
  }

  /** Whether one letter more, less, other or exchanged makes one word of the other.
   * @param {string} a @param {string} b */
  function isOneEdit(a, b) {
    if (Math.abs(a.length - b.length) > 1) return false;
    let start = 0;
    while (start < a.length && a[start] === b[start]) start += 1;
    let [i, j] = [a.length, b.length];
    while (i > start && j > start && a[i - 1] === b[j - 1]) [i, j] = [i - 1, j - 1];
    if (i - start <= 1 && j - start <= 1) return true;
    return i - start === 2 && j - start === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
  }

  /** Whether a word is another one with letters left out: "infty".
   * @param {string} short @param {string} long */
  function isShortFor(short, long) {
    if (short.slice(0, 2) !== long.slice(0, 2) || short.at(-1) !== long.at(-1)) return false;
    let at = 0;
    for (const letter of long) if (letter === short[at]) at += 1;
    return at === short.length;
  }

  /** A pattern for the ways to write a Korean word in Latin letters.
   * @param {string} word  jamo @returns {RegExp} */
  function romanised(word) {
    let pattern = "";
    for (const letter of word) {
      const code = letter.charCodeAt(0);
      const choices = code >= 0x11a8 ? FINALS[code - 0x11a8] : code >= 0x1161 ? VOWELS[code - 0x1161] : INITIALS[code - 0x1100];
      pattern += `(?:${choices})`;
    }
    return new RegExp(`^${pattern}$`);
  }

  /** A person's name as Korean has it, and its given part alone.
   * @param {string} name */
  function koreanOrder(name) {
    const parts = split(name);
    const given = parts.slice(0, -1).join("");
    return given.length > 2 ? [(parts.at(-1) ?? "") + given, given] : [parts.join("")];
  }

  /** @param {string} a @param {string} b @returns {number}  the later date first */
  const later = (a, b) => Number(a < b) - Number(a > b);

  class Index {
    /** @type {Entry[]} */ entries = [];
    /** @type {[string, number][][]} */ #texts = [];
    /** @type {Map<string, number[]>}  of a word: entry, weight, entry, weight, … */
    #postings = new Map();
    /** @type {string[]} */ #vocabulary = [];
    /** @type {Map<string, string[][]>} */ #synonyms = new Map();
    /** @type {Map<string, Map<number, number>>} */ #found = new Map();

    /** @param {string[][]} groups  of words and phrases that mean the same */
    addSynonyms(groups) {
      for (const group of groups) {
        const phrases = group.map(split).filter((phrase) => phrase.length);
        for (const phrase of phrases) {
          const key = phrase.join(" ");
          this.#synonyms.set(key, [...(this.#synonyms.get(key) ?? []), ...phrases]);
        }
      }
    }

    /** @param {Entry[]} entries */
    add(entries) {
      for (const entry of entries) {
        const number = this.entries.push(entry) - 1;
        this.#texts.push(entry.fields.map(([text, weight]) => [` ${split(text).join(" ")} `, weight]));
        for (const [text, weight] of entry.fields) {
          for (const word of new Set(wordsOf(text))) {
            const own = this.#postings.get(word);
            if (own) own.push(number, weight);
            else this.#postings.set(word, [number, weight]);
          }
        }
      }
      this.#vocabulary = [...this.#postings.keys()].sort();
      this.#found.clear();
    }

    /** @param {string} query @returns {Answer} */
    find(query) {
      const exact = this.#byIdentifier(query);
      if (exact.length) return { entries: exact, words: [], near: false };
      const all = split(query);
      const content = all.filter((word) => !STOP.has(word));
      const subject = content.filter((word) => !ASKING.has(word) && !KINDS.has(word));
      const words = subject.length ? subject : content;
      const wanted = subject.length ? all.map((word) => KINDS.get(word)).find(Boolean) : undefined;
      if (!words.length) return { entries: [], words: [], near: false };
      const terms = this.#read(words);
      const maps = terms.map((term) => this.#score(term));
      let totals = this.#join(maps, terms.length);
      const near = !totals.size;
      if (near) {
        const known = maps.filter((map) => map.size);
        for (let least = known.length; least > 0 && !totals.size; least -= 1) totals = this.#join(known, least);
      }
      const phrase = all.join(" ");
      const latin = !FOREIGN.test(query);
      for (let [number, total] of totals) {
        // A page in another script than the query's is there, but not first.
        const { kind, title: shown } = this.entries[number];
        if (kind === wanted) totals.set(number, (total *= WANTED));
        if (kind === "pages" && latin === FOREIGN.test(shown)) totals.set(number, (total *= 0.5));
        const [title, weight] = this.#texts[number][0];
        if (title === ` ${phrase} `) totals.set(number, total + weight);
        else if (phrase.length > 3 && title.startsWith(` ${phrase}`)) {
          totals.set(number, total + (all.length > 1 ? 0.8 : 0.2) * weight);
        }
        else if (all.length > 1 && title.includes(` ${phrase}`)) totals.set(number, total + 0.6 * weight);
      }
      const order = [...totals].sort(
        ([a, one], [b, other]) => other - one || later(this.entries[a].date, this.entries[b].date) || a - b,
      );
      const seen = new Set();
      const entries = order.map(([number]) => this.entries[number]).filter(({ page }) => {
        if (page && seen.has(page)) return false;
        seen.add(page);
        return true;
      });
      const marks = terms.flatMap(({ choices }) => choices.map(([choice]) => choice.join(" ")));
      return { entries, words: [...new Set(marks)].filter((mark) => mark.length > 1), near };
    }

    /** What has an identifier that begins with the query: a DOI, a key, an arXiv number.
     * @param {string} query */
    #byIdentifier(query) {
      const wanted = query.trim().toLowerCase()
        .replace(/^(https?:\/\/)?(dx\.|www\.)?(doi\.org|arxiv\.org\/(abs|pdf))\//, "")
        .replace(/^(doi|arxiv):?\s*/, "").replace(/(?<=^\d{4}\.\d{4,5})v\d+$/, "");
      if (wanted.length < 5 || !/\d/.test(wanted) || /\s/.test(wanted)) return [];
      return this.entries.filter(({ ids }) => ids && ` ${ids.toLowerCase()}`.includes(` ${wanted}`));
    }

    /** @param {Map<number, number>[]} maps @param {number} least  in how many */
    #join(maps, least) {
      const [totals, counts] = [new Map(), new Map()];
      for (const map of maps) {
        for (const [number, score] of map) {
          totals.set(number, (totals.get(number) ?? 0) + score);
          counts.set(number, (counts.get(number) ?? 0) + 1);
        }
      }
      for (const [number, count] of counts) if (count < least) totals.delete(number);
      return totals;
    }

    /** Splits words into terms, the longest synonyms first.
     * @param {string[]} words @returns {Term[]} */
    #read(words) {
      const terms = [];
      for (let at = 0; at < words.length;) {
        let length = Math.min(4, words.length - at);
        let same;
        for (; length > 0; length -= 1) {
          const phrase = words.slice(at, at + length).join(" ");
          same = this.#synonyms.get(phrase) ?? this.#synonyms.get(phrase.replace(/s$/, ""));
          if (same) break;
        }
        const both = words.slice(at, at + 2);
        if (length < 1 && both.length > 1 && this.#postings.has(both.join(""))) {
          terms.push({ choices: [[[both.join("")], 1], [both, 1]] });
          at += 2;
          continue;
        }
        length = Math.max(length, 1);
        const own = words.slice(at, at + length);
        terms.push(same ? this.#term(own, same) : this.#literal(own[0]));
        at += length;
      }
      return terms;
    }

    /** @param {string[]} own @param {string[][]} same @returns {Term} */
    #term(own, same) {
      const others = same.filter((phrase) => phrase.join(" ") !== own.join(" "));
      return { choices: [[own, 1], ...others.map((phrase) => /** @type {[string[], number]} */ ([phrase, SYNONYM]))] };
    }

    /** @param {string} word @returns {Term} */
    #literal(word) {
      if (this.#hits(word).size) {
        const stem = HANGUL.test(word) ? this.#stem(word) : null;
        const same = stem ? [[stem], ...(this.#synonyms.get(stem) ?? [])] : [];
        const others = same.map((choice) => /** @type {[string[], number]} */ ([choice, SYNONYM]));
        return { choices: [[[word], 1], ...others] };
      }
      const guesses = this.#guess(word);
      const same = guesses.flatMap((guess) => this.#synonyms.get(guess.join(" ")) ?? []);
      return { choices: [...guesses, ...same].map((guess) => [guess, GUESS]) };
    }

    /** What a word that is nowhere may mean.
     * @param {string} word @returns {string[][]} */
    #guess(word) {
      for (let at = 2; at <= word.length - 2; at += 1) {
        const parts = [word.slice(0, at), word.slice(at)];
        if (parts.every((part) => this.#postings.has(part))) return [parts];
      }
      if (HANGUL.test(word)) return this.#guessKorean(word);
      if (word.length < 4) return [];
      const alike = (test) => this.#vocabulary.filter(test).map((known) => [known]);
      const near = alike((known) => known.length > 3 && isOneEdit(word, known));
      if (near.length) return near;
      const begins = alike((known) => known.length > word.length && isOneEdit(word, known.slice(0, word.length)));
      return begins.length ? begins : alike((known) => isShortFor(word, known));
    }

    /** A Korean word without its endings, if that is known. @param {string} word */
    #stem(word) {
      const ending = PARTICLE.find((each) => word.endsWith(each) && word.length > each.length + 3);
      if (!ending) return null;
      const stem = word.slice(0, -ending.length);
      return this.#synonyms.has(stem) || this.#hits(stem).size ? stem : this.#stem(stem);
    }

    /** What a Korean word may mean: its stem, a name in Latin letters, or what was found
     * before a letter that, as one types, will begin the next syllable or change in this.
     * @param {string} word @returns {string[][]} */
    #guessKorean(word) {
      const stem = this.#stem(word);
      if (stem) return [[stem]];
      const people = word.length < 4 ? [] : this.entries.flatMap(({ names }) => names?.split(",") ?? []);
      const pattern = romanised(word);
      const named = [...new Set(people)].filter((name) => koreanOrder(name).some((form) => pattern.test(form)));
      const begun = word.replace(UNDONE, (letter) => FIRST[letter] ?? "");
      return !named.length && begun && this.#hits(begun).size ? [[begun]] : named.map(split);
    }

    /** The entries with a term, and what it counts in each.
     * @param {Term} term @returns {Map<number, number>} */
    #score({ choices }) {
      const best = new Map();
      for (const [words, factor] of choices) {
        // A synonym counts as it is: "PI" is not meant by the beginning of "PIM".
        const found = words.length > 1 || factor === SYNONYM ? this.#phrase(words) : this.#hits(words[0]);
        for (const [number, score] of found) {
          best.set(number, Math.max(best.get(number) ?? 0, score * factor));
        }
      }
      return best;
    }

    /** The entries with whole adjacent words, in the singular or plural.
     * @param {string[]} words */
    #phrase(words) {
      const text = words.join(" ");
      const end = NON_ASCII.test(text) ? "" : "(?:e?s)? ";
      const pattern = new RegExp(` ${text}${end}`);
      const found = new Map();
      for (const number of this.#hits(/** @type {string} */ (words[0])).keys()) {
        for (const [field, weight] of this.#texts[number]) {
          if (pattern.test(field)) found.set(number, Math.max(found.get(number) ?? 0, weight));
        }
      }
      return found;
    }

    /** The entries with a word, or with one that begins with it.
     * @param {string} word */
    #hits(word) {
      let best = this.#found.get(word);
      if (best) return best;
      best = new Map();
      for (const [known, level] of this.#like(word)) {
        const pairs = /** @type {number[]} */ (this.#postings.get(known));
        for (let at = 0; at < pairs.length; at += 2) {
          const score = level * pairs[at + 1];
          if (score > (best.get(pairs[at]) ?? 0)) best.set(pairs[at], score);
        }
      }
      this.#found.set(word, best);
      return best;
    }

    /** @param {string} word @returns {Iterable<[string, number]>}  known words, and how near */
    *#like(word) {
      for (const form of variants(word)) {
        if (form.length < 2 && !NON_ASCII.test(form)) {
          if (this.#postings.has(form)) yield [form, 1];
          continue;
        }
        for (let at = this.#first(form); this.#vocabulary[at]?.startsWith(form); at += 1) {
          const known = this.#vocabulary[at];
          yield [known, known === form ? 1 : 0.7];
        }
      }
      if (!NON_ASCII.test(word)) return;
      for (let at = this.#first("\x80"); at < this.#vocabulary.length; at += 1) {
        if (this.#vocabulary[at].includes(word)) yield [this.#vocabulary[at], 0.5];
      }
    }

    /** The place of the first word that is not before another. @param {string} word */
    #first(word) {
      let [low, high] = [0, this.#vocabulary.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.#vocabulary[middle] < word) low = middle + 1;
        else high = middle;
      }
      return low;
    }
  }

  globalThis.labsiteFind = { Index };
})();
