"""Losses by mixture, from the logs of Ye et al.; the fit in two steps of two domains, and that of five."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scalinglaws import library
from scalinglaws.datasets import Dataset
from scalinglaws.fitting.fit import fit
from scalinglaws.reproduction.results import together
from scalinglaws.reproduction.tidy import Columns, Procedure, Shape
from scalinglaws.reproduction.verdicts import verdict

Array = NDArray[np.float64]
#: The training domains of the mixtures of two, in the order of the shares.
PAIR = ("Github", "Pile-CC")
STEPS = (10_000, 20_000, 30_000)
#: Values of c that the notebook tries, from zero to the smallest loss.
FLOORS = 1000
#: The training domains of the mixtures of five, in the order of the shares, and the validation sets of each.
DOMAINS = {
    "academic": (
        "ArXiv", "PubMed_Abstracts", "PhilPapers", "NIH_ExPorter", "FreeLaw", "USPTO_Backgrounds", "PubMed_Central",
    ),
    "prose": ("PG19", "Books3", "BookCorpus2"),
    "dialogue": ("Ubuntu_IRC", "OpenSubtitles", "EuroParl", "Enron_Emails", "HackerNews", "YoutubeSubtitles"),
    "symbolic": ("DM_Mathematics", "Github"),
    "internet": ("Pile-CC", "OpenWebText2", "StackExchange", "Wikipedia_en"),
}  # fmt: skip
LAST_STEP = 30_000
LAST_RUN = 900
#: A constant added to every t is taken up by k, as shares sum to 1; with this the t have none in common.
_LAST, *_OTHERS = [f"t_{name}" for name in reversed(DOMAINS)]
CENTRED = {_LAST: "-(" + " + ".join(reversed(_OTHERS)) + ")"}


def _shares(ratios: Any) -> Array:
    return np.array([[float(each) for each in ratio.split("-")] for ratio in ratios.tolist()])


def two_domains(dataset: Dataset) -> Columns:
    """One row a curve and mixture: the share of the validation domain, and its loss.

    A curve, such as `70m-github-20k`, is a size, a validation domain and a number of steps.
    """
    curves, shares, losses = [], [], []
    for size in ("70M", "160M"):
        log = dataset.table(f"2Mix_{size}.txt")
        mixtures = _shares(log["ratio"])
        for number, domain in enumerate(PAIR):
            for step in STEPS:
                chosen = np.flatnonzero((log["domain"] == domain) & (log["step"] == step))
                rows = chosen[np.argsort(mixtures[chosen, number])]
                curves += [f"{size}-{domain}-{step // 1000}k".lower()] * len(rows)
                shares.append(mixtures[rows, number])
                losses.append(log["loss"][rows])
    return {"curve": np.array(curves), "r": np.concatenate(shares), "L_i": np.concatenate(losses)}


def five_domains(dataset: Dataset) -> Columns:
    """One row a validation domain and mixture: the five shares, and the loss at step 30,000.

    A validation domain's loss is the mean of those of its sets, by their weights.
    """
    log, weighed = dataset.table("5Mix_70M.txt"), dataset.table("valid_weight.json")
    weight = dict(zip(weighed["domain"].tolist(), weighed["weight"].tolist(), strict=True))
    number = np.array([int(run.rpartition("_")[2]) for run in log["run"].tolist()])
    kept = (log["step"] == LAST_STEP) & (number <= LAST_RUN)
    ratios = np.array(list(dict.fromkeys(log["ratio"][kept].tolist())))
    columns: dict[str, list[Any]] = {name: [] for name in ("validation", *(f"r_{each}" for each in DOMAINS), "L_i")}
    for domain, sets in DOMAINS.items():
        total = sum(weight[each] for each in sets)
        for ratio, shares in zip(ratios.tolist(), _shares(ratios), strict=True):
            here = kept & (log["ratio"] == ratio)
            losses = dict(zip(log["domain"][here].tolist(), log["loss"][here].tolist(), strict=True))
            columns["validation"].append(domain)
            for name, share in zip(DOMAINS, shares.tolist(), strict=True):
                columns[f"r_{name}"].append(share)
            columns["L_i"].append(sum(losses[each] * weight[each] for each in sets) / total)
    return {name: np.array(values) for name, values in columns.items()}


def floor(shares: Array, losses: Array) -> float:
    """The c that makes log(L - c) most nearly linear in the share, of a thousand from zero to the smallest loss."""
    # At the last value, the smallest loss itself, one logarithm is infinite: the notebook never keeps it.
    tried = np.linspace(0, losses.min(), FLOORS)[:-1]
    straight = [abs(np.corrcoef(shares, np.log(losses - c))[0, 1]) for c in tried]
    return float(tried[int(np.argmax(straight))])


def two_steps(dataset: Dataset, case: Mapping[str, Any]) -> dict[str, Any]:
    """The notebook's own way with two domains: first c, by `floor`, then k and t with c held.

    The usual verdict, by the objective of the printed values (with their own c) over that of ours. `joint` is the ratio
    of our objective to the lowest that all three coefficients reach together.
    """
    table = two_domains(dataset)
    settings = {name: case[name] for name in ("objective", "delta", "on")}
    law = library.law(case["law"])
    printed = {each["id"].rpartition("/")[2]: each for each in law.document["fits"]}
    groups = {}
    for curve in dict.fromkeys(table["curve"].tolist()):
        part = {name: column[table["curve"] == curve] for name, column in table.items()}
        found = fit(part, law.id, **settings, fixed={"c": floor(part["r"], part["L_i"])})
        joint = fit(part, law.id, **settings)
        told: dict[str, Any] = {
            "n": found.n,
            "coefficients": {name: found.coefficients[name] for name in ("c", "k", "t")},
            "log_k": float(np.log(found.coefficients["k"])),
            "objective": found.objective,
            "r2": found.r2,
            "rmse_log": found.rmse_log,
            "joint": found.objective / joint.objective,
            "published": {},
            "verdict": "new-values",
        }
        if curve in printed:
            held = {**joint.at(printed[curve]["values"]), "fit": printed[curve]["id"], "inside": {}}
            held["ratio"] = (held["objective"] or float("inf")) / found.objective
            held["verdict"] = told["verdict"] = verdict(held, quirk=case["quirk"] is not None)
            told["published"] = {curve: held}
        groups[curve] = told
    return together(groups)


def _centred(values: Mapping[str, float]) -> dict[str, float]:
    """The same law with t that sum to zero."""
    mean = sum(values[f"t_{name}"] for name in DOMAINS) / len(DOMAINS)
    moved = {f"t_{name}": values[f"t_{name}"] - mean for name in DOMAINS}
    return {"c": values["c"], "k": values["k"] * float(np.exp(mean)), **moved}


def _unshifted(values: Mapping[str, float]) -> dict[str, float]:
    """What the data can tell: c, and log k + t, the logarithm of what one domain alone would leave above c."""
    return {
        "c": values["c"],
        **{f"log_k+t_{name}": float(np.log(values["k"])) + values[f"t_{name}"] for name in DOMAINS},
    }


def five_fits(dataset: Dataset, case: Mapping[str, Any]) -> dict[str, Any]:
    """The law of five domains for each validation domain, with t that sum to zero; the printed values moved likewise.

    The usual verdict. `objective_mean` is what the notebook prints; `unshifted` are c and log k + t, ours and theirs,
    and `furthest` is the largest difference of the two laws on the 26 mixtures, in nats.
    """
    table = five_domains(dataset)
    settings = {name: case[name] for name in ("objective", "delta", "on", "bootstrap")}
    law = library.law(case["law"])
    groups = {}
    for domain in DOMAINS:
        chosen = table["validation"] == domain
        part = {name: column[chosen] for name, column in table.items() if name != "validation"}
        found = fit(part, law.id, **settings, tied=CENTRED)
        ours = {**found.coefficients, _LAST: -sum(found.coefficients[name] for name in _OTHERS)}
        published = law.choose(domain)
        assert published is not None
        theirs = _centred(published["values"])
        end, height = found.search_from(theirs)
        moved = max(abs(end[name] - theirs[name]) / abs(theirs[name]) for name in found.free)
        inside = {name: ends["low"] <= theirs[name] <= ends["high"] for name, ends in found.intervals.items()}
        held: dict[str, Any] = {**found.at(theirs), "fit": published["id"], "inside": inside}
        held["ratio"] = (held["objective"] or float("inf")) / found.objective
        held["settles"] = {"moved": moved, "ratio": height / found.objective}
        held["unshifted"] = _unshifted(theirs)
        shares = {name: part[name] for name in part if name != "L_i"}
        held["furthest"] = float(np.abs(law.compiled()({**theirs, **shares}) - found(**shares)).max())
        held["verdict"] = verdict(held, quirk=case["quirk"] is not None)
        groups[domain] = {
            "n": found.n,
            "coefficients": ours,
            "intervals": found.intervals,
            "unshifted": _unshifted(ours),
            "objective": found.objective,
            "objective_mean": found.objective / found.n,
            "r2": found.r2,
            "rmse_log": found.rmse_log,
            "starts": found.starts,
            "published": {domain: held},
            "verdict": held["verdict"],
        }
    return together(groups)


TABLES: dict[str, Shape] = {"two-domains": two_domains, "five-domains": five_domains}
PROCEDURES: dict[str, Procedure] = {"two-steps": two_steps, "five-fits": five_fits}
