"""`python3 dev.py bench [NAME …] [--crash] [--misses] [--data FOLDER]`: measure and print a table, one ratio per row.

FOLDER holds the recorded data (`data/scitldr/dev.jsonl`, `fixtures/latex/…`); a measurement whose file is missing
reports that and is skipped. Times are the best of several rounds on one core; compare ratios, not machines.
Measurements that take minutes run only if they are named; `--crash` names the one that kills the program.
`--misses` prints instead each abstract whose blurb of one line differs from what a reader would have kept of it.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.bench import (
    acks,
    batch,
    blurbs,
    capacity,
    cleaning,
    clocks,
    crash,
    discord_acks,
    discord_crash,
    discord_fleet,
    discord_load,
    doors,
    fleet,
    generative,
    kills,
    ledger,
    limits,
    lines,
    load,
    models,
    mutants,
    nearness,
    on_demand,
    permits,
    ranking,
    ranking_fleet,
    readers,
    remote,
    retention,
    search,
    soak,
    splitting,
    stall,
    starting,
    threat_mutants,
    throughput,
    trending,
    vectors,
    web,
    year,
)
from tests.bench.rows import LeftOut, Row

MEASUREMENTS: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    "acks": acks.measure,
    "discord_acks": discord_acks.measure,
    "discord_load": discord_load.measure,
    "batch": batch.measure,
    "blurbs": blurbs.measure,
    "cleaning": cleaning.measure,
    "doors": doors.measure,
    "generative": generative.measure,
    "ledger": ledger.measure,
    "load": load.measure,
    "readers": readers.measure,
    "splitting": splitting.measure,
    "stall": stall.measure,
    "starting": starting.measure,
    "trending": trending.measure,
    "vectors": vectors.measure,
}
#: Measurements that take minutes.
LONG: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    "capacity": capacity.measure,
    "clocks": clocks.measure,
    "crash": crash.measure,
    "discord_crash": discord_crash.measure,
    "discord_fleet": discord_fleet.measure,
    "fleet": fleet.measure,
    "kills": kills.measure,
    "limits": limits.measure,
    "lines": lines.measure,
    "models": models.measure,
    "mutants": mutants.measure,
    "nearness": nearness.measure,
    "on_demand": on_demand.measure,
    "permits": permits.measure,
    "ranking": ranking.measure,
    "ranking_fleet": ranking_fleet.measure,
    "remote": remote.measure,
    "retention": retention.measure,
    "search": search.measure,
    "soak": soak.measure,
    "threats": threat_mutants.measure,
    "throughput": throughput.measure,
    "web": web.measure,
    "year": year.measure,
}


def main() -> int:
    """Run the named measurements, or all of them."""
    asked = _arguments()
    if asked.misses:
        sys.stdout.writelines(f"{line}\n" for line in readers.misses(asked.data))
        return 0
    for name in asked.names or (["crash"] if asked.crash else MEASUREMENTS):
        sys.stdout.write(f"\n{name}\n")
        try:
            for row in {**MEASUREMENTS, **LONG}[name](asked.data):
                sys.stdout.write(f"  {row}\n")
        except LeftOut as error:
            sys.stdout.write(f"  left out: {error}\n")
        except FileNotFoundError as error:
            sys.stdout.write(f"  left out: {error.filename} is not there; name the folder with --data\n")
        except ModuleNotFoundError as error:
            sys.stdout.write(
                f"  left out: {error.name} is not installed; the extras transformers, training and peers bring such\n"
            )
    return 0


def _arguments() -> argparse.Namespace:
    beside = Path(__file__).parents[3] / "shared"
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__, allow_abbrev=False)
    parser.add_argument("names", nargs="*", choices=[*MEASUREMENTS, *LONG, []], help="which; all without it")
    parser.add_argument("--crash", action="store_true", help="the same as to name crash")
    parser.add_argument("--misses", action="store_true", help="print the blurbs that no reader would have kept")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("PAPERWIRE_SHARED", beside)))
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
