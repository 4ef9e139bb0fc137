// What several answers about lineage say together, and what is drawn of it.
import type { Shape } from "@/api/client";

export type Dataset = Shape<"LineageDataset">;
export type Arrow = Shape<"LineageArrow">;

export interface Facts {
  datasets: ReadonlyMap<string, Dataset>;
  arrows: readonly Arrow[];
  /** `dataset.column` of what may come from less than is said. */
  untraced: ReadonlySet<string>;
  isRecorded: boolean;
}

/** That something comes from something else: datasets, or products. */
export interface Link {
  from: string;
  to: string;
}

export const placeOf = (place: Shape<"LineagePlace">) => `${place.dataset}.${place.column ?? "*"}`;
const keyOf = (arrow: Arrow) => `${placeOf(arrow.origin)} ${placeOf(arrow.target)} ${arrow.kind}`;

/** Put answers together; each says something about the same whole. */
export function merged(answers: readonly Shape<"LineageFacts">[]): Facts {
  const datasets = new Map<string, Dataset>();
  const arrows = new Map<string, Arrow>();
  const untraced = new Set<string>();
  for (const one of answers) {
    for (const dataset of one.datasets) datasets.set(dataset.name, dataset);
    for (const arrow of one.edges) arrows.set(keyOf(arrow), arrow);
    for (const place of one.untraced) untraced.add(placeOf(place));
  }
  return { datasets, arrows: [...arrows.values()], untraced, isRecorded: answers[0]?.is_recorded ?? true };
}

/** Return which datasets come from which, each pair once. */
export function linksOf(arrows: readonly Arrow[]): Link[] {
  const found = new Map<string, Link>();
  for (const { origin, target } of arrows) {
    if (origin.dataset === target.dataset) continue;
    found.set(`${origin.dataset} ${target.dataset}`, { from: origin.dataset, to: target.dataset });
  }
  return [...found.values()];
}

/** Return which products come from which. */
export function productLinksOf(facts: Facts): Link[] {
  const found = new Map<string, Link>();
  for (const { from, to } of linksOf(facts.arrows)) {
    const [origin, target] = [productOf(facts, from), productOf(facts, to)];
    if (origin !== target) found.set(`${origin} ${target}`, { from: origin, to: target });
  }
  return [...found.values()];
}

export const productOf = (facts: Facts, dataset: string): string =>
  facts.datasets.get(dataset)?.product ?? dataset;

/** Return how many links lie between a dataset and each that comes from it, through whichever way is shortest. */
export function distances(start: string, links: readonly Link[]): ReadonlyMap<string, number> {
  const after = new Map<string, string[]>();
  for (const { from, to } of links) after.set(from, [...(after.get(from) ?? []), to]);
  const found = new Map([[start, 0]]);
  const waiting = [start];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    for (const next of after.get(name) ?? []) {
      if (found.has(next)) continue;
      found.set(next, (found.get(name) ?? 0) + 1);
      waiting.push(next);
    }
  }
  return found;
}

/** Return how many neighbours of each dataset are known of but not among those that are drawn. */
export function hiddenOf(facts: Facts, links: readonly Link[]) {
  const above = new Map<string, number>();
  const below = new Map<string, number>();
  for (const { from, to } of links) {
    above.set(to, (above.get(to) ?? 0) + 1);
    below.set(from, (below.get(from) ?? 0) + 1);
  }
  return (name: string) => {
    const known = facts.datasets.get(name);
    return {
      above: Math.max(0, (known?.above ?? 0) - (above.get(name) ?? 0)),
      below: Math.max(0, (known?.below ?? 0) - (below.get(name) ?? 0)),
    };
  };
}
