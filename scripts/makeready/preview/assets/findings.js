// The list of what is wrong, and where.

import { openInEditor } from "./editor.js";
import { element } from "./settings.js";

const MOST_PAGES = 3;

export class Findings {
  constructor(list, badge, onShow) {
    this.list = list;
    this.badge = badge;
    this.onShow = onShow;
    this.all = [];
    this.withNotes = false;
    this.chosen = -1;
    this.byPage = new Map();
  }

  show(findings, book) {
    this.all = findings;
    this.book = book;
    this.byPage = new Map();
    for (const finding of findings) {
      for (const [page, number] of finding.places) {
        if (!this.byPage.has(page)) this.byPage.set(page, []);
        this.byPage.get(page).push({ finding, number });
      }
    }
    this.list_();
  }

  setWithNotes(withNotes) {
    this.withNotes = withNotes;
    this.list_();
  }

  listed() {
    return this.all.filter(({ severity }) => this.withNotes || severity !== "note");
  }

  /** Those on a page, each with the number of its line there. */
  on(page) {
    const found = this.byPage.get(page) ?? [];
    return found.filter(({ finding }) => this.withNotes || finding.severity !== "note");
  }

  severityOf(page) {
    const severities = this.on(page).map(({ finding }) => finding.severity);
    return ["error", "warning"].find((one) => severities.includes(one)) ?? "";
  }

  count(severity) {
    return this.all.filter((finding) => finding.severity === severity).length;
  }

  list_() {
    const errors = this.count("error");
    const warnings = this.count("warning");
    this.badge.textContent = errors || warnings;
    this.badge.className = `badge ${errors ? "error" : warnings ? "warning" : ""}`;
    this.badge.hidden = !errors && !warnings;
    const items = this.listed().map((finding) => this.item(finding));
    if (!items.length) {
      const notes = this.count("note");
      const more = notes ? ` ${notes} ${notes === 1 ? "note is" : "notes are"} not listed.` : "";
      items.push(element("li", { className: "nothing", textContent: `Nothing is wrong.${more}` }));
    }
    this.list.replaceChildren(...items);
  }

  item(finding) {
    const ways = element("p", { className: "ways" });
    if (finding.places.length) {
      const pages = [...new Set(finding.places.map(([page]) => this.book.pages[page][0]))];
      const named = pages.slice(0, MOST_PAGES).join(", ") + (pages.length > MOST_PAGES ? " …" : "");
      ways.append(
        element("button", {
          type: "button",
          textContent: `${pages.length > 1 ? "Pages" : "Page"} ${named}`,
          onclick: () => this.onShow(finding),
        }),
      );
    }
    if (finding.path && !/\.(pdf|epub)\b/.test(finding.path)) {
      const place = finding.line ? `${finding.path}:${finding.line}` : finding.path;
      ways.append(
        element("button", {
          type: "button",
          textContent: place,
          title: "Open in the editor",
          onclick: () => openInEditor(finding.path, finding.line),
        }),
      );
    } else if (finding.path) ways.append(element("span", { textContent: finding.path }));
    const about = finding.editions.length ? ` · ${finding.editions.join(", ")}` : "";
    const item = element(
      "li",
      { className: `finding ${finding.severity}` },
      element("p", {
        className: "kind",
        textContent: `${finding.severity} ${finding.id}${about}`,
      }),
      element("p", { textContent: finding.message }),
    );
    if (finding.hint) item.append(element("p", { className: "hint", textContent: finding.hint }));
    if (ways.childNodes.length) item.append(ways);
    return item;
  }

  /** Mark a finding in the list, and bring it into view. */
  choose(finding) {
    this.chosen = this.listed().indexOf(finding);
    [...this.list.children].forEach((item, number) => {
      item.classList.toggle("chosen", number === this.chosen);
      if (number === this.chosen) item.scrollIntoView({ block: "nearest" });
    });
  }

  /** Return the next finding with a place, or the one before. */
  next(by) {
    const listed = this.listed();
    const { length } = listed;
    for (let step = 1; step <= length; step += 1) {
      const number = (((this.chosen + by * step) % length) + length) % length;
      if (listed[number].places.length) return listed[number];
    }
    return null;
  }
}
