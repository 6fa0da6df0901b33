/* What pages can do more with script. Everything works without it. */

const root = document.documentElement;
root.classList.add("has-script");
const words = document.getElementById("words")?.dataset ?? {};
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const fill = (text, values) => (text ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name]);
const token = () => find("input[name=csrfmiddlewaretoken]")?.value ?? "";

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const store = {
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false; // private windows, full disks
    }
  },
};

/* Menus: one open at a time, closed by Escape and by a press elsewhere. */

document.addEventListener("click", (event) => {
  for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of all("details.menu[open]")) {
    menu.open = false;
    find("summary", menu).focus();
  }
});

/* What was said stays until read: good news goes by itself, with time to undo it. */

const SECONDS_TO_UNDO = 10;
function settle(message) {
  const close = element("button", { type: "button", class: "link-button message-close" }, words.close ?? "×");
  close.addEventListener("click", () => message.remove());
  message.append(close);
  if (!message.classList.contains("is-ok")) return;
  let timer;
  const start = () => (timer = setTimeout(() => message.remove(), SECONDS_TO_UNDO * 1000));
  const stop = () => clearTimeout(timer);
  for (const name of ["mouseenter", "focusin"]) message.addEventListener(name, stop);
  for (const name of ["mouseleave", "focusout"]) message.addEventListener(name, start);
  start();
}
all("[data-message]").forEach(settle);
find("[data-focus]")?.focus();
for (const button of all("[data-print]")) button.addEventListener("click", () => print());
for (const button of all("[data-share]")) {
  const { share, shared } = button.dataset;
  const url = `${share}?via=share`; // so that a visit through it is counted
  button.addEventListener("click", async () => {
    if (navigator.share) return navigator.share({ title: document.title, url }).catch(() => {});
    await navigator.clipboard.writeText(url);
    tell(element("div", { class: "alert is-ok" }, shared));
  });
}

/* A reaction changes its post and nothing else: the page stays where it is. */

document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  const post = button?.closest(".post");
  if (!post?.id || button.name !== "kind" || button.dataset.plain) return;
  event.preventDefault();
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  const body = new URLSearchParams({ kind: button.value, csrfmiddlewaretoken: token() });
  try {
    const answer = await fetch(button.formAction, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const changed = answer.ok && page.getElementById(post.id);
    if (!changed || find("[data-message]", page)) throw new Error("to be read as a page");
    post.replaceWith(changed);
    find(`button[name=kind][value=${button.value}]`, changed)?.focus();
  } catch {
    button.removeAttribute("aria-busy");
    button.dataset.plain = "yes"; // the browser sends it and shows what comes back
    button.click();
  }
});

/* A vote changes its button and the tally: the list stays where it is. */

const VOTE = /^\/requests\/(\d+)\/vote\//;
if (find("#votes") && !find(".messages")) find("#main").prepend(element("div", { class: "messages is-over", role: "status" }));

document.addEventListener("submit", async (event) => {
  const { target: form, submitter: button } = event;
  const address = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", location);
  const number = VOTE.exec(address.pathname)?.[1];
  if (!number || !button || button.dataset.plain) return;
  event.preventDefault();
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  const takeBack = foresee(button);
  const body = new FormData(form);
  if (button.name) body.append(button.name, button.value);
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    if (answer.redirected || !answer.ok) throw new Error("to be read as a page");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (find("#swap", page)) takeBack();
    button.removeAttribute("aria-busy");
    putInPlace(page, number);
  } catch (problem) {
    takeBack();
    button.removeAttribute("aria-busy");
    if (problem instanceof TypeError) return tell(element("div", { class: "alert is-bad" }, words.notVoted ?? ""));
    button.dataset.plain = "yes"; // the browser sends it and shows what comes back
    button.click();
  }
});

function foresee(button) {
  const isMine = button.classList.contains("is-mine");
  if (!button.matches(".vote-button") || (!isMine && find(".vote-budget.is-spent"))) return () => {};
  const count = find("b", button);
  const turn = (mine, step) => {
    button.classList.toggle("is-mine", mine);
    button.setAttribute("aria-pressed", String(mine));
    count.textContent = Number(count.textContent) + step;
  };
  turn(!isMine, isMine ? -1 : 1);
  return () => turn(isMine, isMine ? 1 : -1);
}

function putInPlace(page, number) {
  find("#swap")?.remove();
  for (const part of all("body > [id]", page)) document.getElementById(part.id)?.replaceWith(part);
  tell(...all("[data-message]", page));
  const dialog = find("#swap", page);
  if (dialog) openDialog(dialog);
  else find(`#vote-${number} .vote-button`)?.focus({ preventScroll: true });
}

function tell(...messages) {
  find(".messages")?.replaceChildren(...messages);
  messages.forEach(settle);
}

/* A press counts once. */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent && Date.now() - form.dataset.sent < 8000) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented || form.method !== "post") return;
  form.dataset.sent = Date.now();
  event.submitter?.setAttribute("aria-busy", "true");
});
const release = () => {
  for (const form of all("form[data-sent]")) delete form.dataset.sent;
  for (const button of all("[aria-busy=true]")) button.removeAttribute("aria-busy");
};
addEventListener("pageshow", (event) => event.persisted && release());

for (const field of all("[data-submit-on-change]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}

/* Passwords can be looked at before they are sent. */

for (const field of all("input[type=password]")) {
  const button = element("button", { type: "button", class: "link-button", "aria-pressed": "false" }, words.look ?? "");
  button.addEventListener("click", () => {
    const isShown = field.type === "text";
    field.type = isShown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!isShown));
  });
  if (words.look) field.after(button);
}

/* Drafts: every letter is on the device at once, and leaves it when the words have arrived. */

const PENDING = "sending";
const draftKey = (field) => `draft:${field.dataset.draft}:${field.name}`;
const drafts = all("[data-draft]");

function forgetWhatArrived() {
  const pending = store.get(PENDING);
  if (!pending) return;
  const visit = performance.getEntriesByType("navigation")[0];
  const isAnswer = visit?.type === "navigate" && document.referrer.split("#")[0] === pending.from;
  // Whoever was signed out meanwhile, or may not write, gets a page too: with the words still unsent.
  const wasRefused = location.pathname.startsWith("/accounts/") || find("[data-message].is-bad");
  const wasTaken = (visit?.responseStatus || 200) < 400 && !wasRefused;
  if (isAnswer) {
    store.set(PENDING, null);
    if (wasTaken) for (const key of pending.keys) if (!isShownAgain(key)) store.set(key, null);
  }
}
const isShownAgain = (key) => drafts.some((field) => draftKey(field) === key && field.defaultValue.trim());

function keepDraft(field) {
  const key = draftKey(field);
  const value = field.value;
  const kept = value.trim() && value !== field.defaultValue ? { value, at: Date.now() } : null;
  if (!store.set(key, kept)) field.dataset.unsaved = "yes";
  say(field, kept ? words.saved : "");
}

function say(field, text, ...more) {
  const form = field.form;
  if (!form) return;
  let line = find(".composer-state", form);
  if (!line) {
    line = element("p", { class: "composer-state", role: "status" });
    (find(".form-actions", form) ?? form).after(line);
  }
  line.replaceChildren(text ?? "", ...more);
}

function offerDraft(field) {
  const kept = store.get(draftKey(field));
  if (!kept || kept.value === field.value || field.defaultValue.trim()) return;
  field.value = kept.value;
  const discard = element("button", { type: "button", class: "link-button" }, words.discard ?? "");
  discard.addEventListener("click", () => {
    for (const each of all("[data-draft]", field.form)) {
      each.value = each.defaultValue;
      keepDraft(each);
    }
    field.focus();
  });
  say(field, `${words.restored ?? ""} `, discard);
}

forgetWhatArrived();
for (const field of drafts) {
  offerDraft(field);
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => keepDraft(field), 300);
  });
  field.form?.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (event.submitter?.name === "preview") return;
    const own = all("[data-draft]", field.form);
    for (const each of own) store.set(draftKey(each), each.value.trim() ? { value: each.value, at: Date.now() } : null);
    store.set(PENDING, { from: location.href.split("#")[0], keys: own.map(draftKey) });
  });
}
// A phone may end the page without a word.
addEventListener("pagehide", () => {
  for (const field of drafts) if (!field.form?.dataset.sent && field.value !== field.defaultValue) keepDraft(field);
});

/* Leaving is warned of only where something would be lost. */

let uploading = 0;
addEventListener("beforeunload", (event) => {
  const isLost = (form) =>
    !form.dataset.sent && [...form.elements].some((field) => field.type !== "hidden" && isChanged(field) && !isKept(field));
  if (uploading || all("form[data-guard], form[data-composer]").some(isLost)) event.preventDefault();
});
const isChanged = (field) =>
  field.matches("textarea, input:not([type=checkbox], [type=radio], [type=file])") && field.value !== field.defaultValue;
const isKept = (field) => field.dataset.draft && !field.dataset.unsaved;

/* Pictures: pasted, dropped or chosen, each with its own progress. */

for (const area of all("textarea[data-upload]")) {
  const files = (transfer) => [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));
  area.addEventListener("paste", (event) => {
    const pasted = files(event.clipboardData);
    if (!pasted.length) return;
    event.preventDefault();
    for (const file of pasted) upload(area, file);
  });
  area.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    area.classList.add("is-dropping");
  });
  for (const name of ["dragleave", "drop"]) area.addEventListener(name, () => area.classList.remove("is-dropping"));
  area.addEventListener("drop", (event) => {
    const dropped = files(event.dataTransfer);
    if (!dropped.length) return;
    event.preventDefault();
    for (const file of dropped) upload(area, file);
  });
}

function upload(area, file) {
  const name = file.name || "image";
  const bar = element("progress", { max: "100", value: "0", "aria-label": name });
  const share = element("span", { class: "nums" }, "0 %");
  const row = element("div", { class: "upload", role: "status" }, element("span", {}, name), bar, share);
  area.after(row);
  const body = new FormData();
  body.append("picture", file, name);
  const request = new XMLHttpRequest();
  request.open("POST", area.dataset.upload);
  request.setRequestHeader("X-CSRFToken", token());
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => {
    bar.value = (event.loaded / event.total) * 100;
    share.textContent = `${Math.round(bar.value)} %`;
  });
  request.addEventListener("loadend", () => {
    uploading -= 1;
    const answer = readAnswer(request.responseText);
    if (request.status < 300 && answer.markdown) {
      row.remove();
      insert(area, answer.markdown);
      return;
    }
    const again = element("button", { type: "button", class: "link-button" }, words.again ?? "");
    again.addEventListener("click", () => {
      row.remove();
      upload(area, file);
    });
    row.replaceChildren(element("span", { class: "field-error" }, `${name}: ${answer.error ?? words.notSent ?? ""}`), again);
  });
  uploading += 1;
  request.send(body);
}

function readAnswer(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/* Writing: marks around what is selected, and undo still works. */

function insert(area, text) {
  area.focus();
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

const MARKS = {
  bold: (chosen) => `**${chosen}**`,
  italic: (chosen) => `*${chosen}*`,
  quote: (chosen) => chosen.replace(/^/gm, "> "),
  code: (chosen) => (chosen.includes("\n") ? `\`\`\`\n${chosen}\n\`\`\`` : `\`${chosen}\``),
  list: (chosen) => chosen.replace(/^/gm, "- "),
  link: (chosen) => `[${chosen}](https://)`,
};
const sprite = find("use")?.getAttribute("href")?.split("#")[0];

function sign(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

function mark(area, name) {
  area.focus();
  insert(area, MARKS[name](area.value.slice(area.selectionStart, area.selectionEnd)));
}

for (const area of all("form[data-composer] textarea")) {
  const bar = element("div", { class: "composer-bar", role: "group", "aria-label": words.marks ?? "" });
  for (const name of Object.keys(MARKS)) {
    const button = element("button", { type: "button", title: words[name] ?? name, "aria-label": words[name] ?? name }, sign(name));
    button.addEventListener("click", () => mark(area, name));
    bar.append(button);
  }
  area.before(bar);
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.key === "Enter") area.form.requestSubmit();
    else if (event.key === "b") mark(area, "bold");
    else if (event.key === "i") mark(area, "italic");
    else return;
    event.preventDefault();
  });
}

/* How much is written, once it is much. */

for (const field of all("[data-count-words]")) {
  const most = Number(field.dataset.count);
  const line = element("div", { class: "field-count" });
  const count = () => {
    const length = [...field.value].length;
    line.textContent = length > most / 2 ? fill(field.dataset.countWords, { count: length, most }) : "";
  };
  field.after(line);
  field.addEventListener("input", count);
  count();
}

/* A preview that is open follows the words. The server draws it: there is one renderer. */

for (const form of all("form[data-composer]")) {
  const place = find("[id=composer-preview]", form);
  const button = find("button[name=preview]", form);
  const area = find("textarea", form);
  if (!place || !button || !area || !button.dataset.preview) continue;
  const address = button.dataset.preview;
  let timer;
  const draw = async () => {
    const body = new URLSearchParams({ source: area.value, csrfmiddlewaretoken: token() });
    try {
      const answer = await fetch(address, { method: "POST", body });
      if (answer.ok) place.replaceChildren(document.createRange().createContextualFragment(await answer.text()));
      else say(area, words.notSent);
    } catch {
      say(area, words.notSent);
    }
  };
  button.addEventListener("click", (event) => {
    event.preventDefault();
    if (place.childElementCount) place.replaceChildren();
    else draw();
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  });
  area.addEventListener("input", () => {
    if (button.getAttribute("aria-pressed") !== "true") return;
    clearTimeout(timer);
    timer = setTimeout(draw, 700);
  });
}

/* Wishes like the one that is being written, while its title is typed. */

for (const place of all("[data-similar]")) {
  const title = find("[name=title]", place.closest("form"));
  let [timer, asked] = [0, title.defaultValue];
  const look = async () => {
    const wanted = title.value.trim();
    if (wanted === asked.trim() || place.contains(document.activeElement)) return;
    asked = wanted;
    try {
      const answer = await fetch(`${place.dataset.similar}?${new URLSearchParams({ title: wanted })}`);
      if (!answer.ok || asked !== wanted) return; // too often, or typed on meanwhile
      place.innerHTML = await answer.text();
      find("#similar-said").textContent = find("#similar-title", place)?.textContent ?? "";
    } catch {
      asked = ""; // no network: what is shown stays
    }
  };
  title.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 250);
  });
  look();
}

/* Clocks run. */

function left(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return fill(hours ? words.hours : minutes ? words.minutes : words.seconds, { h: hours, m: minutes, s: Math.floor(seconds) % 60 });
}
const clocks = all("[data-countdown]").map((clock) => {
  const until = clock.dateTime ? Date.parse(clock.dateTime) : Date.now() + clock.dataset.countdown * 1000;
  return { clock, until, rest: clock.textContent.includes(" · ") ? clock.textContent.split(" · ").slice(1).join(" · ") : "" };
});
function tick() {
  for (const { clock, until, rest } of clocks) {
    const seconds = (until - Date.now()) / 1000;
    const text = seconds > 0 ? (rest ? left(seconds) : fill(words.wait, { left: left(seconds) })) : rest ? words.now : words.go;
    const line = rest ? `${text} · ${rest}` : text;
    if (line && clock.textContent !== line) clock.textContent = line;
    clock.classList.toggle("is-soon", seconds < 3600);
  }
}
if (clocks.length && words.seconds) setInterval(tick, 1000);

/* Keys: one letter each, off in the settings, never while writing. */

let waitingForG = 0;
const rows = all(".thread-row, .wish-row, .post");
const TITLE = ".thread-row-title, .wish-row-title";
let chosen = -1;

function choose(step) {
  if (!rows.length) return;
  rows[chosen]?.classList.remove("is-selected");
  chosen = Math.min(Math.max(chosen + step, 0), rows.length - 1);
  const row = rows[chosen];
  row.classList.add("is-selected");
  if (row.matches(".post")) row.setAttribute("tabindex", "-1");
  (find(TITLE, row) ?? row).focus();
  row.scrollIntoView({ block: "nearest" });
}
const press = (selector) => {
  const target = (rows[chosen] && find(selector, rows[chosen])) ?? find(selector);
  if (!target) return;
  if (target.matches("textarea, input")) target.focus();
  else target.click();
};
const KEYS = {
  "?": () => help(),
  j: () => choose(1),
  k: () => choose(-1),
  o: () => rows[chosen] && find(TITLE, rows[chosen])?.click(),
  c: () => press("[data-key=c]"),
  r: () => press("[data-key=r], #reply textarea"),
  q: () => press("[data-key=q]"),
  l: () => press("[data-key=l]"),
  x: () => rows[chosen] && find(".pick input", rows[chosen])?.click(),
  v: () => find(".vote-button:not(.is-closed)", document.activeElement.closest(".wish-row") ?? rows[chosen] ?? find(".wish-head"))?.click(),
};
const PLACES = { h: "/", l: "/threads/", u: "/threads/?show=unread" };

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.shortcuts === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
  const isPlace = Date.now() - waitingForG < 1500 && PLACES[event.key];
  waitingForG = event.key === "g" ? Date.now() : 0;
  if (isPlace) location.assign(isPlace);
  else if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

function help() {
  const words = document.getElementById("shortcuts");
  if (!words) return;
  const dialog = element("dialog", { "aria-labelledby": "shortcuts-title" }, words.content.cloneNode(true));
  openDialog(dialog);
}
function openDialog(dialog) {
  find("[data-close]", dialog).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
for (const opener of all("[data-shortcuts-help]")) opener.addEventListener("click", help);

/* A visit through a link that was shared is counted, once a day; then the address is the page's own. */

const here = new URL(location);
if (here.searchParams.get("via") === "share") {
  here.searchParams.delete("via");
  history.replaceState(history.state, "", here);
  const today = new Date().toDateString();
  if (store.get("shared") !== today) fetch("/share-visits/", { method: "POST", keepalive: true }).catch(() => {});
  store.set("shared", today);
}
