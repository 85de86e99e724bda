import { instant } from "./api.js";
import { colour, inkOn } from "./colour.js";
import { body, element, empty } from "./dom.js";
import { palette } from "./heatmap.js";

/** Draws each cluster's score with its members; returns the lowest cluster score, or null without any. */
export async function drawScores() {
  const [clusters, confidences, members] = await Promise.all([
    instant("emberwatch_etcd_cluster_score"),
    instant("emberwatch_etcd_cluster_confidence"),
    instant("emberwatch_etcd_member_score"),
  ]);
  const target = body("scores");
  if (clusters.length === 0) {
    target.replaceChildren(empty("No cluster is being scored yet."));
    return null;
  }
  const byName = (a, b) => (a.labels.cluster + a.labels.instance).localeCompare(b.labels.cluster + b.labels.instance);
  target.replaceChildren(...clusters.sort(byName).map(({ labels, value }) => {
    const sure = confidences.find((c) => c.labels.cluster === labels.cluster);
    const own = members.filter((m) => m.labels.cluster === labels.cluster).sort(byName);
    return element(
      "div",
      { class: "score", "data-cluster": labels.cluster, "data-score": value.toFixed(2) },
      coloured("div", "number", value, value.toFixed(1)),
      element(
        "div",
        {},
        element("div", { class: "name" }, labels.cluster),
        element("small", {}, sure ? `${Math.round(sure.value * 100)} % of the score's weight is measured` : ""),
      ),
      element("div", { class: "members" }, ...own.map((m) => coloured("span", "member", m.value, `${m.labels.instance} ${m.value.toFixed(1)}`))),
    );
  }));
  return Math.min(...clusters.map((c) => c.value));
}

function coloured(name, kind, score, text) {
  const background = colour(score, palette());
  return element(name, { class: kind, style: { backgroundColor: background, color: inkOn(background) } }, text);
}
