"""python -m harness.publish RESULTS BENCHMARKS: puts the tables of a run into benchmarks/README.md, its plots beside it."""

import pathlib
import shutil
import sys

BEGIN, END = "<!-- results: written by peers/run.sh --publish -->", "<!-- end of results -->"


def replaced(readme, tables):
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables}\n{END}{after}"


def main():
    results, benchmarks = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    readme = benchmarks / "README.md"
    tables = (results / "results.md").read_text()
    plots = benchmarks / "plots"
    plots.mkdir(exist_ok=True)
    for name in ("ratios", "limits"):
        if (results / f"{name}.svg").exists():
            for kind in ("svg", "png"):
                shutil.copy(results / f"{name}.{kind}", plots)
            tables += f"\n![{name}](plots/{name}.svg)\n"
    readme.write_text(replaced(readme.read_text(), tables))


if __name__ == "__main__":
    main()
