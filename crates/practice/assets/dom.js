// Small helpers for building the page. Texts are always set as text, never as HTML.

export const byId = (id) => document.getElementById(id);

/** An element with properties, data attributes and children. */
export function el(tag, { data = {}, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  Object.assign(element.dataset, data);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Redraws a part only when what it shows has changed, so that focus and selection stay. */
export function redraw(parent, shown, draw) {
  const text = JSON.stringify(shown);
  if (parent.dataset.shown === text) return;
  const focused = parent.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  parent.dataset.shown = text;
  parent.replaceChildren(...draw());
  if (focused) parent.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

/** A running clock since (or until) a time; kept going by `tick`. */
export function clock(time, { until = false } = {}) {
  const element = el("span", { className: "clock", data: { [until ? "until" : "since"]: time } });
  show(element);
  return element;
}

function show(element) {
  const { since, until } = element.dataset;
  const ms = since ? Date.now() - Date.parse(since) : Date.parse(until) - Date.now();
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (parts[0] === 0) parts.shift();
  const text = parts.map((part, place) => (place === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
  if (element.textContent !== text) element.textContent = text;
}

export function tick() {
  document.querySelectorAll(".clock").forEach(show);
}

let toastTimer = 0;

/** Says something that needs no answer. */
export function toast(text) {
  const element = byId("toast");
  element.textContent = text;
  element.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => element.classList.remove("shown"), 6000);
}

/** A button that does something which may be refused. */
export function action(label, act, { className = "", focus = label } = {}) {
  return el("button", { type: "button", className, textContent: label, data: { focus }, onclick: () => attempt(act) });
}

/** Does something and says so when it is refused. */
export async function attempt(act) {
  try {
    await act();
  } catch (error) {
    toast(error.message);
  }
}
