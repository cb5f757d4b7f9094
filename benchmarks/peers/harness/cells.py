"""Cells: what is compared, declared in cells/*.toml. docs/measuring.md lists the keys."""

import dataclasses
import itertools
import pathlib
import tomllib


class CellError(Exception):
    """A cell file that does not say what it must: names file, cell and key."""


@dataclasses.dataclass(frozen=True)
class Contender:
    """Who takes part: a learner of ours, or a class of a peer with scikit-learn's methods."""

    library: str  # "tutti" or a name in libraries.toml
    estimator: str  # ours: a learner of the cell's runner; a peer's: path.of.module.Class
    parameters: dict
    policy: str = ""  # ours only
    tune: str = ""  # the parameter that is set to the loosest of the cell's tolerances that passes the gate
    dtype: str = "float32"  # what a peer wants X as; converted outside the clock
    note: str = ""

    @property
    def name(self):
        words = [self.library, self.policy, self.note, self.dtype if self.dtype != "float32" else ""]
        return " ".join(word for word in words if word)


@dataclasses.dataclass(frozen=True)
class Gate:
    """What a result must be worth for its time to count."""

    measure: str  # a function of quality.py
    output: str  # what a contender is asked for: coefficients, labels, probabilities, values, neighbours, transformed
    kind: str  # "relative": at most (1 + margin) x the best; "below": at least the best - margin; "least", "most": margin
    margin: float

    def passes(self, value, best):
        if value is None or value != value:
            return False
        if self.kind == "relative":
            return value <= best + self.margin * abs(best)
        if self.kind == "most":
            return value <= self.margin
        return value >= (best - self.margin if self.kind == "below" else self.margin)

    def best(self, values):
        values = [v for v in values if v is not None and v == v]
        return None if not values else min(values) if self.kind in ("relative", "most") else max(values)


@dataclasses.dataclass(frozen=True)
class Cell:
    name: str
    title: str
    family: str  # the runner of our side
    task: str  # what is timed: fit, predict, predict_proba, transform, kneighbors
    data: dict  # a generator and its arguments, or a file; see data.py
    gate: Gate
    goal: float  # the fastest peer's time over ours that we aim at
    contenders: tuple
    work: str = ""  # the limit: "read" or "gram", see limits.py; empty if it has none
    tolerances: tuple = ()
    quick: bool = False  # part of --quick
    threads: tuple = (1, 2)  # on how many it is measured, unless threads are named; 2 where nothing is ours yet
    budget: float = 20.0  # seconds of turns on each number of threads, beyond which slow peers take fewer; see rounds.py
    reference: Contender | None = None  # who finds the best value there is; not timed


_GATES = ("relative", "below", "least", "most")
_TASKS = ("fit", "predict", "predict_proba", "transform", "kneighbors")


def _take(table, key, kind, where, default=None):
    value = table.pop(key, default)
    if value is None:
        raise CellError(f"{where}: `{key}` is missing")
    if kind is float and isinstance(value, int):
        value = float(value)
    if not isinstance(value, kind):
        raise CellError(f"{where}: `{key}` must be {kind.__name__}, got {value!r}")
    return value


def _no_more(table, where):
    if table:
        raise CellError(f"{where}: unknown key `{next(iter(table))}`")


def _contenders(table, where, ours):
    """One for each policy of ours, or one peer."""
    policies = _take(table, "policies", list, where, ["par_simd"]) if ours else [""]
    library = "tutti" if ours else _take(table, "library", str, where)
    estimator = _take(table, "estimator", str, where)
    parameters = _take(table, "parameters", dict, where, {})
    tune = _take(table, "tune", str, where, "")
    dtype = _take(table, "dtype", str, where, "float32")
    note = _take(table, "note", str, where, "")
    _no_more(table, where)
    return [Contender(library, estimator, parameters, policy, tune, dtype, note) for policy in policies]


def _cell(table, family, where):
    name = _take(table, "name", str, where)
    where = f"{where}, cell {name}"
    gate = _take(table, "gate", dict, where)
    gate_where = f"{where}, gate"
    parsed = Gate(_take(gate, "measure", str, gate_where), _take(gate, "output", str, gate_where),
                  _take(gate, "kind", str, gate_where), _take(gate, "margin", float, gate_where))
    _no_more(gate, gate_where)
    if parsed.kind not in _GATES:
        raise CellError(f"{gate_where}: `kind` must be one of {', '.join(_GATES)}, got {parsed.kind!r}")
    ours = [_contenders(t, f"{where}, ours", True) for t in _take(table, "ours", list, where, [])]
    peers = [_contenders(t, f"{where}, peer", False) for t in _take(table, "peer", list, where)]
    reference = table.pop("reference", None)
    if reference is not None:
        reference = _contenders(reference, f"{where}, reference", False)[0]
    cell = Cell(
        name=name,
        title=_take(table, "title", str, where),
        family=family,
        task=_take(table, "task", str, where),
        data=_take(table, "data", dict, where),
        gate=parsed,
        goal=_take(table, "goal", float, where),
        contenders=tuple(itertools.chain(*ours, *peers)),
        work=_take(table, "work", str, where, ""),
        tolerances=tuple(_take(table, "tolerances", list, where, [])),
        quick=_take(table, "quick", bool, where, False),
        threads=tuple(_take(table, "threads", list, where, list(Cell.threads) if ours else [2])),
        budget=_take(table, "budget", float, where, Cell.budget),
        reference=reference,
    )
    if cell.task not in _TASKS:
        raise CellError(f"{where}: `task` must be one of {', '.join(_TASKS)}, got {cell.task!r}")
    names = [c.name for c in cell.contenders]
    if len(set(names)) < len(names):
        raise CellError(f"{where}: two contenders have one name; tell them apart by `note`")
    _no_more(table, where)
    return cell


def read_cells(folder):
    """All cells of a folder, in the order of its files: name -> Cell."""
    cells = {}
    for path in sorted(pathlib.Path(folder).glob("*.toml")):
        try:
            tables = tomllib.loads(path.read_text())
        except tomllib.TOMLDecodeError as error:
            raise CellError(f"{path.name}: {error}") from error
        for table in _take(tables, "cell", list, path.name):
            cell = _cell(table, path.stem, path.name)
            if cell.name in cells:
                raise CellError(f"{path.name}: a second cell {cell.name}")
            cells[cell.name] = cell
        _no_more(tables, path.name)
    return cells


def choose(cells, names, quick):
    """The cells named, or those whose family is named; all if none is, or those for a quick look."""
    if not names:
        return [c for c in cells.values() if c.quick or not quick]
    chosen = [c for c in cells.values() if c.name in names or c.family in names]
    known = {c.name for c in chosen} | {c.family for c in chosen}
    for name in names:
        if name not in known:
            raise CellError(f"no cell and no family is called {name}; there are {', '.join(cells)}")
    return chosen
