/* The four-grid report: every letter is on the device at once and on the site soon after; the newer
   of the two comes back. Everything works without it. */

const form = document.querySelector("form[data-report]");
if (form) {
  const key = form.dataset.report;
  const words = form.querySelector("[data-words]").dataset;
  const line = form.querySelector("[data-line]");
  const state = form.querySelector("[data-kept-line]");
  const SKIPPED = new Set(["csrfmiddlewaretoken", "seen", "writer"]);
  const SOON = 2500;
  const APART = 4000;
  const OLD = 21 * 24 * 3600 * 1000;
  // What the site's clock is ahead of the device's.
  const ahead = Number(form.dataset.now) - Date.now();
  const keptAt = Number(form.dataset.kept);
  let base = form.dataset.base; // what of the site's these words go on from
  const now = () => Date.now() + ahead;
  const hour = (at) => new Date(at - ahead).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

  /* On the device */

  const read = () => {
    const content = {};
    for (const [name, value] of new FormData(form)) if (!SKIPPED.has(name)) (content[name] ??= []).push(value);
    return content;
  };
  const write = (content) => {
    for (const field of form.elements) {
      if (!field.name || SKIPPED.has(field.name) || field.type === "submit") continue;
      const values = content[field.name] ?? [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else field.value = values[0] ?? "";
    }
    show();
  };
  const same = (one, other) => JSON.stringify(flat(one)) === JSON.stringify(flat(other));
  const flat = (content) => Object.entries(content).filter(([, values]) => values.some(Boolean)).map(([name, values]) => [name, values]).sort();
  const store = (kept) => {
    try {
      localStorage.setItem(key, JSON.stringify(kept));
    } catch {
      // a private window, a full disk: the site keeps it
    }
  };
  const stored = (text) => {
    try {
      return JSON.parse(text ?? localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const forget = () => {
    try {
      localStorage.removeItem(key);
    } catch {
      // nothing is there
    }
  };
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("report:") && !(now() - stored(localStorage.getItem(name))?.at < OLD)) localStorage.removeItem(name);
    }
  } catch {
    // no storage
  }

  /* What is said about it */

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const button = (text, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "button is-quiet is-small", textContent: text });
    made.addEventListener("click", act);
    return made;
  };
  const say = (text, ...buttons) => {
    const said = Object.assign(document.createElement("p"), { textContent: text });
    line.replaceChildren(...(text ? [said, ...buttons] : []));
    line.hidden = !text;
    line.classList.toggle("is-bad", text === words.offline);
  };
  // One press shows the other words, and another these again: neither is lost.
  const offer = (text, show, theirs, back) =>
    say(
      text,
      button(show, () => {
        const mine = read();
        write(theirs);
        keepHere();
        plan();
        offer(text, back, mine, show);
      }),
    );

  /* On the site */

  let timer, keeping, sentAt = 0, elsewhere = false;
  const plan = (wait = SOON) => {
    clearTimeout(timer);
    timer = setTimeout(keep, Math.max(wait, APART - (Date.now() - sentAt)));
  };
  const keepHere = () => store({ at: now(), base, content: read(), isSafe: false });
  const keep = async () => {
    if (form.dataset.sent || elsewhere) return;
    await keeping; // one after the other, so that none overtakes
    sentAt = Date.now();
    keeping = keepThere();
  };
  const keepThere = async () => {
    const content = read();
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" }, redirect: "manual" });
      if (answer.type === "opaqueredirect") signedOut();
      else if (answer.status === 410) state.textContent = state.dataset.over;
      else if (answer.status === 200) safe(await answer.json(), content);
      else if (answer.status === 409) conflict(await answer.json());
      else if (answer.status === 422) state.textContent = await answer.text(); // why not
      else state.textContent = state.dataset.device; // too often, or the site is ill
    } catch {
      state.textContent = state.dataset.device;
      plan(15_000);
    }
  };
  const safe = (kept, content) => {
    form.elements.seen.value = base = kept.stamp;
    state.textContent = fill(state.dataset.keptWords, { time: hour(kept.at) });
    if (same(content, read())) store({ at: kept.at, base, content, isSafe: true });
  };
  const signedOut = () => {
    const link = Object.assign(document.createElement("a"), { href: form.action, textContent: state.dataset.signIn });
    state.replaceChildren(`${state.dataset.signedOut} `, link);
  };
  // Nothing is overwritten before its writer has seen it.
  const conflict = (kept) => {
    elsewhere = true;
    state.textContent = "";
    const settle = () => {
      elsewhere = false;
      form.elements.seen.value = base = kept.stamp;
    };
    const text = fill(words.elsewhere, { time: hour(kept.at) });
    const choose = (label, act) =>
      button(label, () => {
        settle();
        say("");
        act();
        keepHere();
        plan(0);
      });
    say(
      text,
      choose(words.show, () => {
        const mine = read();
        write(kept.content);
        offer(text, words.back, mine, words.show);
      }),
      choose(words.mine, () => {}),
    );
  };

  /* What the form says of itself while it is filled in */

  const grids = [...form.querySelectorAll("[data-grid]")];
  const meter = form.querySelector("[data-meter]");
  const detail = form.querySelector("[data-detail]");
  const other = form.querySelector("[data-other]");
  const isFilled = (content, names) => names.split(" ").some((name) => content[name]?.some((value) => value.trim()));
  const show = () => {
    const content = read();
    const count = grids.filter((grid) => isFilled(content, grid.dataset.grid)).length;
    const few = fill(meter.dataset.few, { count: Math.min(count, 2) });
    const text = count < 2 ? few : content.overall ? meter.dataset.ready : meter.dataset.unrated;
    if (meter.textContent !== text) meter.textContent = text;
    meter.classList.toggle("is-ready", count > 1 && Boolean(content.overall));
    for (const grid of grids) grid.classList.toggle("is-filled", isFilled(content, grid.dataset.grid));
    const has = form.querySelector("[data-detail] .field-error");
    detail.hidden = !has && !isFilled(content, "not_good not_good_area not_good_why");
    other.hidden = content.build?.[0] !== "another";
    for (const group of form.querySelectorAll("[data-grid] .field-choices")) {
      const boxes = [...group.querySelectorAll("input[type=checkbox]")];
      const isFull = boxes.filter((box) => box.checked).length >= 3;
      for (const box of boxes) box.disabled = isFull && !box.checked;
    }
    for (const [area, count] of counts) count(area);
  };
  const counts = [...form.querySelectorAll("textarea[data-count]")].map((area) => {
    const shown = Object.assign(document.createElement("div"), { className: "field-count" });
    area.after(shown);
    const most = Number(area.dataset.count);
    return [area, () => (shown.textContent = area.value ? fill(words.count, { count: [...area.value].length, most }) : "")];
  });

  const changed = () => {
    show();
    keepHere();
    plan();
  };
  form.addEventListener("input", changed);
  for (const put of document.querySelectorAll("[data-put]")) {
    put.addEventListener("click", () => {
      const area = form.elements[put.dataset.put];
      area.value = [area.value.trim(), put.dataset.text].filter(Boolean).join("\n").slice(0, Number(area.dataset.count));
      area.focus();
      changed();
    });
  }
  document.querySelector("[data-forget]")?.addEventListener("click", forget);

  /* What was typed last comes back */

  const kept = stored();
  const onPage = read();
  if (kept && !kept.isSafe && !same(kept.content, onPage)) {
    if (kept.base === base || kept.at > keptAt) {
      write(kept.content);
      offer(fill(words.restored, { time: hour(kept.at) }), words.site, onPage, words.back);
      plan(0);
    } else if (form.elements.seen.value) {
      offer(fill(words.older, { time: hour(kept.at) }), words.back, kept.content, words.site);
    } else forget(); // sent since, from here or elsewhere
  } else if (kept) forget();
  show();

  addEventListener("online", () => stored()?.isSafe === false && plan(0));
  // Another tab of this browser writes the same report.
  addEventListener("storage", (event) => {
    const theirs = event.key === key && event.newValue && stored(event.newValue);
    if (!theirs || theirs.isSafe || elsewhere || same(theirs.content, read())) return;
    clearTimeout(timer);
    conflict({ stamp: form.elements.seen.value, at: theirs.at, content: theirs.content });
  });

  /* Sending: without a network the words stay, and so does the page */

  form.addEventListener("submit", async (event) => {
    if (event.submitter?.hasAttribute("data-plain")) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = Date.now();
    event.submitter?.setAttribute("aria-busy", "true");
    clearTimeout(timer);
    keepHere();
    await keeping; // or it would come after what is sent
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
      // Sent, or signed out: the page itself says which.
      if (answer.type === "opaqueredirect") location.assign(form.action);
      else form.submit(); // the browser sends it and shows what is missing
    } catch {
      delete form.dataset.sent;
      event.submitter?.removeAttribute("aria-busy");
      say(words.offline);
      line.scrollIntoView({ block: "nearest" });
    }
  });
}
