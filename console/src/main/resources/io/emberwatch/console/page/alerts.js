import { alerts } from "./api.js";
import { body, element, empty, since } from "./dom.js";

const RANK = { critical: 0, warning: 1, info: 2 };

/** Lists firing and pending alerts, the most severe first; returns the firing ones. */
export async function drawAlerts() {
  // What always fires, as a sign that alerts get through, is nothing to look at.
  const all = (await alerts()).filter((a) => a.labels.severity !== "none" && (a.state === "firing" || a.state === "pending"));
  const rank = (a) => (a.state === "firing" ? 0 : 10) + (RANK[a.labels.severity] ?? 3);
  all.sort((a, b) => rank(a) - rank(b) || Date.parse(b.activeAt) - Date.parse(a.activeAt));
  body("alerts").replaceChildren(...(all.length ? all.map(row) : [empty("Nothing is firing.")]));
  return all.filter((a) => a.state === "firing");
}

function row(alert) {
  const age = since((Date.now() - Date.parse(alert.activeAt)) / 1000);
  return element(
    "div",
    { class: `alert ${alert.labels.severity ?? ""} ${alert.state}`, "data-alert": alert.labels.alertname, "data-state": alert.state },
    element("b", {}, alert.annotations?.summary ?? alert.labels.alertname),
    element("span", { class: "since" }, `${alert.state === "pending" ? "pending" : alert.labels.severity ?? "firing"} for ${age}`),
    alert.annotations?.description ? element("p", {}, alert.annotations.description, runbook(alert)) : runbook(alert),
  );
}

// Another place than this one is not linked to: what is in an alert is not ours.
function runbook(alert) {
  const address = alert.annotations?.runbook_url ?? "";
  return /^\/runbooks\/\w+$/.test(address) ? element("a", { href: address, class: "runbook" }, "what to do") : null;
}
