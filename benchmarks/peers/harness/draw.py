"""python -m harness.draw RESULTS.json FOLDER: the plots of a run or of a sweep."""

import json
import pathlib
import sys

from harness import plots, report


def main():
    path, folder = pathlib.Path(sys.argv[1]), sys.argv[2]
    if path.name.startswith("growth-"):
        plots.growth(path.stem.removeprefix("growth-"), json.loads(path.read_text())["growth"], folder)
    else:
        plots.all_of(report.load(path)[1], folder)


if __name__ == "__main__":
    main()
