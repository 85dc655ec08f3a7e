// The preview: it asks for what has changed, and shows it.

import { ChangesView } from "./changes.js";
import { CoverView } from "./cover.js";
import { EbookView } from "./ebook.js";
import { prepareEditors } from "./editor.js";
import { Findings } from "./findings.js";
import { listenToKeys } from "./keys.js";
import { openOnClick } from "./lines.js";
import { PageView } from "./pages.js";
import { Events, data, of } from "./server.js";
import { byId, element, recalled, remember } from "./settings.js";
import { Thumbnails } from "./thumbnails.js";

const NARROW_PX = 640;

const state = { summary: null, edition: recalled("edition", ""), book: null, view: "pages" };
let followed = "";
let isConnected = false;
let isFollowed = recalled("follow", false);

const tell = (text) => {
  byId("status").textContent = text;
};

const findings = new Findings(byId("finding-list"), byId("finding-count"), showFinding);
const pages = new PageView(byId("pages"), {
  onMove: moved,
  findingsOn: (page) => findings.on(page),
  onMark: (finding) => {
    togglePanel("findings", true);
    findings.choose(finding);
  },
});
const thumbnails = new Thumbnails(byId("thumbnails"), (unit) => {
  show("pages");
  pages.goTo(unit);
  if (window.innerWidth <= NARROW_PX) togglePanel("thumbnails", false);
});
const cover = new CoverView(byId("cover"));
const changes = new ChangesView(
  {
    room: byId("changes"),
    list: byId("change-list"),
    summary: byId("changes-summary"),
    since: byId("since"),
    bar: byId("changes-bar"),
    own: byId("own-revision"),
    ownName: byId("since-own"),
  },
  {
    onSince: () => watch(),
    onPage: (page) => {
      show("pages");
      pages.goToPage(page);
      byId("pages").focus();
    },
  },
);
const ebook = new EbookView(
  {
    room: byId("device-room"),
    frame: byId("device-frame"),
    contents: byId("ebook-contents"),
    place: byId("ebook-place"),
  },
  () => {},
);
const events = new Events(
  (event) => (event.kind === "goto" ? goToSource(event) : takeInTurn(event)),
  () => {
    isConnected = false;
    byId("working").textContent = "";
    tell("The preview does not answer. Is it still running?");
  },
);

// What the server tells.

let waiting = null;
let isTaking = false;

/** Take one summary at a time; of those that wait only the last counts. */
async function takeInTurn(summary) {
  waiting = summary;
  if (isTaking) return;
  isTaking = true;
  while (waiting) {
    const next = waiting;
    waiting = null;
    await take(next);
  }
  isTaking = false;
}

async function take(summary) {
  const before = state.summary;
  state.summary = summary;
  document.title = summary.title ? `${summary.title} – Preview` : "Preview";
  byId("title").textContent = summary.title || "Preview";
  byId("working").textContent = summary.working;
  byId("problem").textContent = summary.problem ? `The pages are those of the last good state. ${summary.problem}` : "";
  if (summary.problem && !state.book) byId("problem").textContent = summary.problem;
  byId("problem").hidden = !summary.problem;
  listEditions(summary.editions);
  if (!state.edition) {
    tell(summary.problem ? "There are no pages to show" : "The pages are being made …");
    return;
  }
  watch();
  const now = entryOf(summary, state.edition);
  const then = before && entryOf(before, state.edition);
  if (now && now.kind !== "epub" && (now.revision !== state.book?.revision || state.book?.edition !== state.edition)) {
    await loadPages(now.revision);
  }
  if (now && state.view === "cover" && now.cover !== then?.cover) await cover.show(state.edition, now.cover);
  if (now && state.view === "changes") await changes.show(state.edition, now.changes, state.book);
  await loadEbook();
  await loadFindings();
  if (!isConnected) tell(state.book ? "The pages are up to date" : "The pages are being made …");
  isConnected = true;
}

/** Have the server tell of the edition in view, and compare it while its changes are shown. */
function watch() {
  events.watch(state.edition, state.view === "changes" ? changes.since : "");
}

const entryOf = (summary, name) => summary.editions.find((edition) => edition.name === name);

function listEditions(editions) {
  const paged = editions.filter(({ kind }) => kind !== "epub");
  const ebooks = editions.filter(({ kind }) => kind === "epub");
  fill(byId("edition"), paged);
  fill(byId("ebook-edition"), ebooks);
  byId("show-ebook").hidden = !ebooks.length;
  const shown = paged.length ? paged : ebooks;
  if (!shown.some(({ name }) => name === state.edition)) state.edition = shown[0]?.name ?? "";
  const isAlone = !paged.length && ebooks.length > 0;
  document.body.classList.toggle("ebook-alone", isAlone);
  if (isAlone && byId("ebook").hidden) togglePanel("ebook", true);
  byId("edition").value = state.edition;
}

function fill(select, editions) {
  const names = editions.map(({ name }) => name).join("\n");
  if (select.dataset.names === names) return;
  select.dataset.names = names;
  select.replaceChildren(...editions.map(({ name }) => element("option", { value: name, textContent: name })));
  select.hidden = editions.length < 2;
}

async function loadPages(revision) {
  if (!revision) return;
  const book = await data(of(state.edition, "pages.json"));
  if (!book || book.edition !== state.edition) return;
  const isSame = state.book?.edition === book.edition;
  state.book = book;
  if (!isSame) setFacing();
  await pages.show(book);
  byId("count").textContent = `of ${book.pages.length}`;
  thumbnails.show(book, pages.facing, (page) => findings.severityOf(page));
  thumbnails.mark(pages.current);
  if (isSame) tellChange(book);
}

function tellChange(book) {
  const labels = book.changed.map((page) => book.pages[page][0]);
  const seconds = `in ${book.seconds.toFixed(2)} s`;
  byId("show-change").hidden = true;
  if (!labels.length) {
    tell(`No page has changed, ${seconds}`);
    return;
  }
  const listed = labels.length > 3 ? `${labels.length} pages have changed` : `Page ${labels.join(", ")} has changed`;
  tell(`${listed}, ${seconds}`);
  pages.flash(book.changed);
  if (book.changed.some((page) => pages.isInView(page))) return;
  if (isFollowed) pages.goToPage(book.changed[0]);
  else byId("show-change").hidden = false;
}

let findingsKey = "";

async function loadFindings() {
  const key = `${state.edition} ${state.summary.findings} ${state.book?.revision}`;
  if (key === findingsKey) return;
  findingsKey = key;
  const found = await data(of(state.edition, "findings.json"));
  if (!found || key !== findingsKey) return;
  findings.show(found, state.book);
  pages.markAll();
  if (state.book) thumbnails.show(state.book, pages.facing, (page) => findings.severityOf(page));
}

async function loadEbook() {
  const name = byId("ebook-edition").value;
  const made = entryOf(state.summary, name);
  if (byId("ebook").hidden) return;
  byId("no-ebook").hidden = Boolean(made?.revision);
  if (!made?.revision) return;
  await ebook.show(name, made.revision);
  followPages();
}

/** From the cursor in an editor to the page. */
async function goToSource({ path, line }) {
  if (!state.book) return;
  const query = new URLSearchParams({ path, line });
  const places = await data(of(state.edition, `place.json?${query}`));
  if (!places?.length) {
    tell(`${path}:${line} is on no page of ${state.edition}`);
    return;
  }
  show("pages");
  pages.point(places);
  tell(`${path}:${line} is on page ${state.book.pages[places[0][0]][0]}`);
}

// What the user does.

function moved(unit) {
  const labels = pages.currentPages().map((page) => state.book.pages[page][0]);
  const field = byId("page");
  if (document.activeElement !== field) field.value = labels.join("–");
  thumbnails.mark(unit);
  followPages();
}

function followPages() {
  if (byId("ebook").hidden || byId("ebook-follow").getAttribute("aria-pressed") !== "true") return;
  const sections = pages.currentPages().map((page) => state.book?.pages[page]?.[2] ?? -1);
  const section = Math.max(...sections, -1);
  const name = state.book?.sections[section]?.[0];
  if (!name || name === followed || !ebook.book) return;
  followed = name;
  ebook.follow(name);
}

function showFinding(finding) {
  findings.choose(finding);
  show("pages");
  pages.point(finding.places);
  if (window.innerWidth <= NARROW_PX) togglePanel("findings", false);
}

function stepFinding(by) {
  if (state.view === "changes") {
    changes.step(by);
    return;
  }
  const finding = findings.next(by);
  if (finding) showFinding(finding);
}

/** Facing pages are shown where they fit, and where the edition has any. */
function setFacing(wanted = null) {
  const kind = entryOf(state.summary, state.edition)?.kind;
  const usual = kind === "print" && window.innerWidth > NARROW_PX;
  const facing = wanted ?? recalled(`facing-${kind}-${window.innerWidth > NARROW_PX}`, usual);
  if (wanted !== null) remember(`facing-${kind}-${window.innerWidth > NARROW_PX}`, wanted);
  pages.setFacing(facing);
  if (state.book && wanted !== null) {
    thumbnails.show(state.book, facing, (page) => findings.severityOf(page));
  }
  show(state.view);
}

/** Show the pages, the printed cover, or what has changed. */
function show(view) {
  state.view = view;
  for (const name of ["pages", "cover", "changes"]) byId(name).hidden = name !== view;
  byId("mode-cover").setAttribute("aria-pressed", view === "cover");
  byId("mode-changes").setAttribute("aria-pressed", view === "changes");
  byId("mode-spreads").setAttribute("aria-pressed", view === "pages" && pages.facing);
  byId("mode-pages").setAttribute("aria-pressed", view === "pages" && !pages.facing);
  const entry = state.summary && entryOf(state.summary, state.edition);
  if (view === "cover") cover.show(state.edition, entry?.cover);
  if (view === "changes") changes.show(state.edition, entry?.changes, state.book);
  if (state.summary) watch();
}

const toggle = (view) => show(state.view === view ? "pages" : view);

function chooseLayout(facing) {
  show("pages");
  setFacing(facing);
}

/** Go on in what is in view: a change, a screen of the e-book, or a spread. */
function step(by) {
  if (byId("ebook").contains(document.activeElement)) ebook.step(by);
  else if (state.view === "changes") changes.step(by);
  else pages.step(state.book?.rightToLeft ? -by : by);
}

function turn(by) {
  if (state.view === "changes") changes.step(by);
  else pages.step(by);
}

function togglePanel(name, isOpen = byId(name).hidden) {
  // The findings and the e-book have one place.
  const other = { findings: "ebook", ebook: "findings" }[name];
  if (isOpen && other && !byId(other).hidden) togglePanel(other, false);
  byId(name).hidden = !isOpen;
  byId(`show-${name}`).setAttribute("aria-pressed", isOpen);
  remember(`panel-${name}`, isOpen && window.innerWidth > NARROW_PX);
  if (!isOpen || !state.summary) return;
  if (name === "ebook") loadEbook();
  if (name === "thumbnails") thumbnails.mark(pages.current);
}

function setZoom(zoom) {
  const number = Number(zoom);
  pages.setZoom(Number.isNaN(number) ? zoom : number);
  afterZoom();
}

function zoomBy(factor) {
  pages.zoomBy(factor);
  afterZoom();
}

function afterZoom() {
  remember("zoom", pages.zoom);
  changes.setZoom(pages.zoom);
  showZoom();
}

function showZoom() {
  const select = byId("zoom");
  select.value = String(pages.zoom);
  const own = select.querySelector('[value="own"]');
  own.hidden = select.selectedIndex >= 0;
  if (!own.hidden) {
    own.textContent = `${Math.round(pages.zoom * 100)} %`;
    select.value = "own";
  }
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

function toggleTheme() {
  const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  setTheme(theme);
  remember("theme", theme);
}

function prepare() {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const usual = () => recalled("theme", system.matches ? "dark" : "light");
  setTheme(usual());
  system.onchange = () => setTheme(usual());
  pages.zoom = recalled("zoom", "page");
  changes.zoom = pages.zoom;
  showZoom();
  byId("edition").onchange = ({ target }) => {
    state.edition = target.value;
    remember("edition", state.edition);
    tell("The pages are being made …");
    watch();
    if (state.summary) takeInTurn(state.summary);
  };
  byId("ebook-edition").onchange = loadEbook;
  byId("mode-spreads").onclick = () => chooseLayout(true);
  byId("mode-pages").onclick = () => chooseLayout(false);
  byId("mode-cover").onclick = () => toggle("cover");
  byId("mode-changes").onclick = () => toggle("changes");
  byId("zoom").onchange = ({ target }) => setZoom(target.value);
  byId("zoom-in").onclick = () => zoomBy(1.2);
  byId("zoom-out").onclick = () => zoomBy(1 / 1.2);
  byId("previous").onclick = () => turn(-1);
  byId("next").onclick = () => turn(1);
  byId("place").onsubmit = (event) => {
    event.preventDefault();
    const text = byId("page").value;
    const page = pages.pageNamed(text.split("–")[0]);
    if (page === null) tell(`There is no page ${text}`);
    else {
      show("pages");
      pages.goToPage(page);
      byId("pages").focus();
    }
  };
  byId("page").onfocus = ({ target }) => target.select();
  byId("page").onblur = () => state.book && moved(pages.current);
  for (const name of ["thumbnails", "findings", "ebook"]) {
    byId(`show-${name}`).onclick = () => togglePanel(name);
    if (recalled(`panel-${name}`, false)) togglePanel(name, true);
  }
  document.querySelectorAll("[data-closes]").forEach((button) => {
    button.onclick = () => {
      togglePanel(button.dataset.closes, false);
      byId(`show-${button.dataset.closes}`).focus();
    };
  });
  byId("with-notes").checked = recalled("notes", false);
  findings.withNotes = byId("with-notes").checked;
  byId("with-notes").onchange = ({ target }) => {
    remember("notes", target.checked);
    findings.setWithNotes(target.checked);
    pages.markAll();
  };
  byId("theme").onclick = toggleTheme;
  byId("show-help").onclick = () => byId("help").showModal();
  byId("show-change").onclick = () => {
    byId("show-change").hidden = true;
    show("pages");
    pages.goToPage(state.book.changed[0]);
  };
  byId("follow").checked = isFollowed;
  byId("follow").onchange = ({ target }) => {
    isFollowed = target.checked;
    remember("follow", isFollowed);
  };
  byId("device").value = recalled("device", "phone");
  ebook.device = byId("device").value;
  byId("device").onchange = ({ target }) => {
    remember("device", target.value);
    ebook.setDevice(target.value);
  };
  const dark = byId("ebook-dark");
  dark.onclick = () => {
    const isDark = dark.getAttribute("aria-pressed") !== "true";
    dark.setAttribute("aria-pressed", isDark);
    ebook.setDark(isDark);
  };
  const follow = byId("ebook-follow");
  follow.onclick = () => {
    follow.setAttribute("aria-pressed", follow.getAttribute("aria-pressed") !== "true");
    followed = "";
    followPages();
  };
  byId("ebook-previous").onclick = () => ebook.step(-1);
  byId("ebook-next").onclick = () => ebook.step(1);
  openOnClick(byId("pages"), tell);
  listenToKeys({
    step,
    turn,
    first: () => (state.view === "changes" ? changes.goTo(0) : pages.goTo(0)),
    last: () => (state.view === "changes" ? changes.goTo(Infinity) : pages.goTo(pages.units.length - 1)),
    goToPage: () => byId("page").focus(),
    zoomBy,
    setZoom,
    layout: () => chooseLayout(state.view === "pages" ? !pages.facing : pages.facing),
    cover: () => toggle("cover"),
    changes: () => toggle("changes"),
    panel: (name) => togglePanel(name),
    finding: stepFinding,
    theme: toggleTheme,
    help: () => byId("help").showModal(),
  });
}

prepare();
await prepareEditors();
if (await changes.prepare()) state.view = "changes";
watch();
