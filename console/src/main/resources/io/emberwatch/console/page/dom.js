/** Makes an element; children are elements or texts, so that nothing from outside is ever read as markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "style") {
      Object.assign(made.style, value);
    } else if (value !== null && value !== undefined) {
      made.setAttribute(key, value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function empty(text) {
  return element("p", { class: "empty" }, text);
}

export function body(section) {
  return document.querySelector(`#${section} .body`);
}

export function since(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 90) return `${s} s`;
  if (s < 5400) return `${Math.round(s / 60)} min`;
  if (s < 129600) return `${Math.round(s / 3600)} h`;
  return `${Math.round(s / 86400)} d`;
}

/** A label value inside a PromQL string. */
export function quoted(value) {
  return JSON.stringify(value);
}
