import { targets } from "./api.js";
import { body, element, empty, since } from "./dom.js";

/** Lists what is scraped; returns how many targets are down. */
export async function drawTargets() {
  const all = (await targets()).sort((a, b) => (a.labels.job ?? "").localeCompare(b.labels.job ?? ""));
  const down = all.filter((t) => t.health === "down").length;
  body("targets").replaceChildren(all.length === 0 ? empty("Nothing is scraped.") : element(
    "table",
    { class: "targets" },
    element("thead", {}, element("tr", {}, ...["Job", "Address", "State", "Last read", "Took", "Trouble"].map((name) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, ...all.map(row)),
  ));
  return down;
}

function row(target) {
  const read = Date.parse(target.lastScrape);
  return element(
    "tr",
    { "data-job": target.labels.job, "data-health": target.health },
    element("td", {}, target.labels.job ?? ""),
    element("td", {}, target.scrapeUrl),
    element("td", { class: `state ${target.health}` }, target.health),
    element("td", {}, read > 0 ? `${since((Date.now() - read) / 1000)} ago` : "never"),
    element("td", {}, target.health === "unknown" ? "" : `${(target.lastScrapeDuration * 1000).toFixed(0)} ms`),
    element("td", {}, target.lastError ?? ""),
  );
}
