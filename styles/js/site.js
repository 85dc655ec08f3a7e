/* Light and dark, the panel of the contents, and the search of a web site. Without it the site has
   all its text, its contents on the first page, and its links. */
(function () {
  "use strict";

  const root = document.documentElement;
  const THEME = "makeready-theme";
  const MOST = 30;

  function stored() {
    try { return localStorage.getItem(THEME); } catch (error) { return null; }
  }
  if (["light", "dark"].includes(stored())) root.dataset.theme = stored();

  function made(name, attributes, text) {
    const element = document.createElement(name);
    for (const key of Object.keys(attributes)) element.setAttribute(key, attributes[key]);
    if (text) element.textContent = text;
    return element;
  }

  function addThemeButton(tools, label) {
    const button = made("button", { type: "button", title: label, "aria-label": label });
    button.innerHTML =
      '<svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="7" fill="none" ' +
      'stroke="currentColor" stroke-width="1.6"/><path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor"/></svg>';
    button.addEventListener("click", () => {
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      const now = root.dataset.theme || (dark ? "dark" : "light");
      root.dataset.theme = now === "dark" ? "light" : "dark";
      try { localStorage.setItem(THEME, root.dataset.theme); } catch (error) { /* not kept */ }
    });
    tools.append(button);
  }

  function connectMenu(body) {
    const link = document.querySelector(".web-menu");
    const panel = document.getElementById("web-contents");
    if (!link || !panel || body.classList.contains("web-home")) return;
    const open = (isOpen) => {
      body.classList.toggle("web-open", isOpen);
      link.setAttribute("aria-expanded", String(isOpen));
      const current = panel.querySelector("[aria-current]");
      if (isOpen && current) { current.scrollIntoView({ block: "center" }); current.focus(); }
    };
    link.setAttribute("role", "button");
    link.setAttribute("aria-controls", panel.id);
    link.setAttribute("aria-expanded", "false");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      open(!body.classList.contains("web-open"));
    });
    link.addEventListener("keydown", (event) => {
      if (event.key === " ") { event.preventDefault(); link.click(); }
    });
    document.addEventListener("click", (event) => {
      if (!panel.contains(event.target) && !link.contains(event.target)) open(false);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && body.classList.contains("web-open")) { open(false); link.focus(); }
    });
  }

  function plain(text) {
    return text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
  }

  let rows = null;
  function load(done) {
    if (rows) { done(); return; }
    const script = made("script", { src: "style/search.js" });
    script.addEventListener("load", () => {
      rows = window.makereadySearch.map((row) => ({
        href: row[0], page: row[1], heading: row[2], text: row[3],
        title: plain(row[1] + " " + row[2]), words: plain(row[3]),
      }));
      done();
    });
    document.head.append(script);
  }

  function found(query) {
    const terms = plain(query).split(/\s+/).filter(Boolean);
    const scored = [];
    rows.forEach((row, index) => {
      let score = 0;
      for (const term of terms) {
        const inTitle = row.title.includes(term);
        const place = row.words.indexOf(term);
        if (!inTitle && place < 0) return;
        score += (inTitle ? 10 : 0) + (place >= 0 ? 1 : 0);
      }
      scored.push({ row, score, index });
    });
    scored.sort((one, other) => other.score - one.score || one.index - other.index);
    return scored.slice(0, MOST).map((one) => ({ row: one.row, term: terms[0] }));
  }

  function excerpt(row, term) {
    const place = Math.max(row.words.indexOf(term), 0);
    const start = place > 60 ? row.text.indexOf(" ", place - 60) + 1 : 0;
    const end = start + 150;
    return (start ? "… " : "") + row.text.slice(start, end) + (end < row.text.length ? " …" : "");
  }

  function addSearch(tools, words) {
    const box = made("div", { class: "web-search", role: "search" });
    const input = made("input", {
      type: "search", placeholder: words.search, "aria-label": words.search,
      "aria-controls": "web-results", autocomplete: "off", spellcheck: "false",
    });
    const results = made("ol", { class: "web-results", id: "web-results", "aria-live": "polite" });
    results.hidden = true;
    const show = () => {
      const query = input.value.trim();
      results.replaceChildren();
      results.hidden = query.length < 2;
      if (results.hidden) return;
      const list = found(query);
      if (!list.length) {
        const item = made("li", {});
        item.append(made("p", {}, words.noResults));
        results.append(item);
      }
      for (const { row, term } of list) {
        const item = made("li", {});
        const link = made("a", { href: row.href });
        link.append(made("strong", {}, row.heading ? row.page + " · " + row.heading : row.page));
        link.append(made("span", {}, excerpt(row, term)));
        link.addEventListener("click", () => { results.hidden = true; });
        item.append(link);
        results.append(item);
      }
    };
    input.addEventListener("focus", () => load(show));
    input.addEventListener("input", () => load(show));
    box.addEventListener("keydown", (event) => {
      const links = [...results.querySelectorAll("a")];
      const place = links.indexOf(document.activeElement);
      if (event.key === "ArrowDown" && links.length) {
        event.preventDefault(); links[Math.min(place + 1, links.length - 1)].focus();
      } else if (event.key === "ArrowUp" && place >= 0) {
        event.preventDefault(); (links[place - 1] || input).focus();
      } else if (event.key === "Enter" && document.activeElement === input && links.length) {
        links[0].click();
      } else if (event.key === "Escape") {
        results.hidden = true; input.focus();
      }
    });
    document.addEventListener("click", (event) => {
      if (!box.contains(event.target)) results.hidden = true;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !/^(?:input|textarea)$/i.test(document.activeElement.tagName)) {
        event.preventDefault(); input.focus();
      }
    });
    box.append(input, results);
    tools.append(box);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const body = document.body;
    const tools = document.querySelector(".web-tools");
    if (!tools) return;
    addSearch(tools, { search: body.dataset.search, noResults: body.dataset.noResults });
    addThemeButton(tools, body.dataset.lightOrDark);
    connectMenu(body);
    const current = document.querySelector(".web-contents [aria-current]");
    if (current) {
      const panel = document.getElementById("web-contents");
      panel.scrollTop = Math.max(current.offsetTop - panel.clientHeight / 2, 0);
    }
  });
})();
