"""The harness of benchmarks/peers, with contenders that crash, hang, refuse, babble and cheat. Needs the standard library only."""

import ast
import dataclasses
import math
import os
import pathlib
import sys
import tempfile
import tomllib
import unittest
import unittest.mock

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BENCHMARKS = REPOSITORY / "benchmarks"
PEERS = BENCHMARKS / "peers"
sys.path.insert(0, str(PEERS))

from harness import __main__ as program  # noqa: E402
from harness import cells, install, machine, publish, report, seeds, sweep  # noqa: E402
from harness.cells import Cell, Contender, Gate  # noqa: E402
from harness.contender import Failed, Process  # noqa: E402
from harness.rounds import CellResult, Result, Rounds, Turn, share_budget  # noqa: E402
from harness.verdict import verdict  # noqa: E402

FAKE = pathlib.Path(__file__).parent / "fake_contender.py"


class Folder(unittest.TestCase):
    """A folder that is there for one test."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.calls = self.folder / "calls"
        self.calls.touch()
        patch = unittest.mock.patch.dict(os.environ, {"FAKE_LOG": str(self.calls)})
        patch.start()
        self.addCleanup(patch.stop)

    def fake(self, manner, name="fake", patience=20):
        with open(self.folder / "log", "w") as log:
            process = Process([sys.executable, str(FAKE), manner, name], 1, log, patience)
        self.addCleanup(process.close)
        return process


class DeclaredCells(unittest.TestCase):
    """What the repository itself declares."""

    def setUp(self):
        self.cells = cells.read_cells(PEERS / "cells")

    def contenders(self):
        for cell in self.cells.values():
            for contender in (*cell.contenders, *filter(None, [cell.reference])):
                yield cell, contender

    def test_every_library_is_declared_and_pinned(self):
        declared = tomllib.loads((PEERS / "libraries.toml").read_text())
        for cell, contender in self.contenders():
            self.assertIn(contender.library, declared, cell.name)
        for name, library in declared.items():
            for package in library.get("pip", []):
                self.assertIn("==", package, name)

    def test_every_measure_and_output_exists(self):
        functions = {n.name for n in ast.parse((PEERS / "harness" / "quality.py").read_text()).body if isinstance(n, ast.FunctionDef)}
        worker = next(n for n in ast.parse((PEERS / "harness" / "worker.py").read_text()).body
                      if isinstance(n, ast.ClassDef) and n.name == "Worker")
        outputs = {n.name.removeprefix("_") for n in worker.body if isinstance(n, ast.FunctionDef)}
        for cell in self.cells.values():
            self.assertIn(cell.gate.measure, functions, cell.name)
            self.assertIn(cell.gate.output, outputs, cell.name)

    def test_our_estimators_have_a_runner_that_knows_them(self):
        for cell, contender in self.contenders():
            if contender.library == "tutti":
                runner = (BENCHMARKS / "runners" / f"{cell.family}.cpp").read_text()
                self.assertIn(f'"{contender.estimator}"', runner, cell.name)

    def test_who_is_tuned_has_tolerances_and_a_reference(self):
        for cell, contender in self.contenders():
            if contender.tune:
                self.assertTrue(cell.tolerances and cell.reference, cell.name)
                self.assertEqual(sorted(cell.tolerances, reverse=True), list(cell.tolerances), cell.name)

    def test_every_learner_has_a_cell(self):
        known = {contender.estimator for _, contender in self.contenders() if contender.library == "tutti"}
        for learner in ("linear_regression", "ridge", "logistic_regression", "gaussian_nb", "standard_scaler"):
            self.assertIn(learner, known)


class CellFiles(Folder):
    GOOD = """
        [[cell]]
        name = "a"
        title = "A"
        data = { generator = "blobs", n = 10 }
        task = "fit"
        gate = { measure = "accuracy", output = "labels", kind = "below", margin = 0.1 }
        goal = 2
        [[cell.ours]]
        estimator = "learner"
        policies = ["seq", "par"]
        [[cell.peer]]
        library = "them"
        estimator = "module.Class"
    """

    def read(self, text):
        (self.folder / "family.toml").write_text(text)
        return cells.read_cells(self.folder)

    def test_a_cell_lists_a_contender_for_each_policy_and_peer(self):
        cell = self.read(self.GOOD)["a"]
        self.assertEqual([c.name for c in cell.contenders], ["tutti seq", "tutti par", "them"])
        self.assertEqual((cell.family, cell.goal, cell.threads), ("family", 2.0, (1, 2)))

    def test_a_cell_may_say_its_threads_and_its_budget(self):
        cell = self.read(self.GOOD.replace("goal = 2", "goal = 2\nthreads = [2]\nbudget = 90"))["a"]
        self.assertEqual((cell.threads, cell.budget), ((2,), 90.0))

    def test_where_nothing_is_ours_two_threads_suffice(self):
        alone = self.GOOD.replace("[[cell.ours]]", "[[cell.peer]]\n        library = \"us\"").replace('policies = ["seq", "par"]', "")
        cell = self.read(alone)["a"]
        self.assertEqual(([c.name for c in cell.contenders], cell.threads), (["us", "them"], (2,)))

    def test_errors_name_file_cell_and_key(self):
        for change, expected in [
            (("goal = 2", ""), "family.toml, cell a: `goal` is missing"),
            (("goal = 2", 'goal = "two"'), "family.toml, cell a: `goal` must be float, got 'two'"),
            (('task = "fit"', 'task = "nap"'), "family.toml, cell a: `task` must be one of fit"),
            (('"below"', '"about"'), "family.toml, cell a, gate: `kind` must be one of"),
            (('title = "A"', 'title = "A"\ncolour = 1'), "family.toml, cell a: unknown key `colour`"),
            (('library = "them"', 'library = "them"\nfoo = 1'), "family.toml, cell a, peer: unknown key `foo`"),
            (('["seq", "par"]', '["seq", "seq"]'), "two contenders have one name"),
            (('name = "a"', "name = "), "family.toml: "),
        ]:
            with self.assertRaises(cells.CellError) as caught:
                self.read(self.GOOD.replace(*change))
            self.assertIn(expected, str(caught.exception))
        with self.assertRaises(cells.CellError) as caught:
            self.read(self.GOOD + self.GOOD)
        self.assertIn("a second cell a", str(caught.exception))

    def test_cells_are_chosen_by_name_or_family(self):
        known = self.read(self.GOOD)
        self.assertEqual([c.name for c in cells.choose(known, ["family"], False)], ["a"])
        self.assertEqual(cells.choose(known, [], True), [])
        with self.assertRaises(cells.CellError) as caught:
            cells.choose(known, ["b"], False)
        self.assertIn("no cell and no family is called b; there are a", str(caught.exception))


class Processes(Folder):
    def failure(self, manner, patience=20):
        process = self.fake(manner, patience=patience)
        with self.assertRaises(Failed) as caught:
            process.run("fit")
        return str(caught.exception)

    def test_a_contender_that_crashes_says_how_and_its_last_words(self):
        self.assertEqual(self.failure("crash"), "ended by signal SIGSEGV: something is very wrong")

    def test_one_that_hangs_is_given_up(self):
        self.assertEqual(self.failure("hang", patience=1), "no answer within 1 s")

    def test_one_that_refuses_or_babbles_is_quoted(self):
        self.assertEqual(self.failure("refuse"), "ValueError: not for me")
        self.assertEqual(self.failure("babble"), "said 'hello' where 'ok' was expected")

    def test_a_program_that_is_not_there(self):
        with open(self.folder / "log", "w") as log, self.assertRaises(Failed) as caught:
            Process([str(self.folder / "nothing")], 1, log, 5)
        self.assertIn("could not start", str(caught.exception))

    def test_one_that_works(self):
        process = self.fake("fine")
        process.make("learner", {"tol": 1.0})
        self.assertEqual(process.run("fit"), 0.1)
        self.assertGreater(process.memory_peak(), 1 << 20)


def cell_of(*manners, **changes):
    contenders = tuple(Contender("tutti" if i == 0 else manner, "learner", {}, tune="tol" if manner == "tuned" else "")
                       for i, manner in enumerate(manners))
    gate = Gate("any", "labels", "relative", 0.1)
    return dataclasses.replace(Cell("cell", "Cell", "family", "fit", {}, gate, 2.0, contenders), **changes)


class Turns(Folder):
    def run_cell(self, *manners, rounds=3, **changes):
        cell = cell_of(*manners, **changes)
        manner_of = {c.name: manner for c, manner in zip(cell.contenders, manners)} | {"reference": "fine"}
        runner = Rounds(lambda cell, spec, threads: self.fake(manner_of[spec.name], spec.name, patience=5), lambda cell: {},
                        lambda measure, paths, answer: float(pathlib.Path(answer).read_text()), rounds, pause=0)
        return runner.run(cell, 1)

    def test_contenders_take_turns(self):
        self.run_cell("fine", "slow", rounds=2)
        warm, turns = ["tutti", "slow"], ["tutti", "tutti", "slow", "slow"] * 2  # each turn: untimed, timed
        self.assertEqual(self.calls.read_text().split(), warm + turns)

    def test_who_is_too_slow_for_the_budget_takes_part_in_fewer_rounds_and_the_row_says_so(self):
        result = self.run_cell("fine", "slow", "lazy", budget=0.5)
        self.assertEqual([len(row.seconds) for row in result.results], [3, 3, 1])
        warm, first, others = ["tutti", "slow", "lazy"], ["tutti"] * 2 + ["slow"] * 2 + ["lazy"], ["tutti"] * 2 + ["slow"] * 2
        self.assertEqual(self.calls.read_text().split(), warm + first + others * 2)
        for text in (report.table(result), report.markdown(Files.FACTS, [result])):
            self.assertIn("20.00 (1 round)", text)
            self.assertIn("4.00 (4.00 to 4.00)", text)

    def test_with_time_enough_everybody_takes_part_in_every_round(self):
        result = self.run_cell("fine", "slow", "lazy", budget=60.0)
        self.assertEqual([len(row.seconds) for row in result.results], [3, 3, 3])

    def test_a_long_task_is_not_warmed_up(self):
        result = self.run_cell("fine", "slow", "long", rounds=2, budget=1.0)
        self.assertEqual([row.seconds for row in result.results], [[0.1, 0.1], [0.4, 0.4], [12.0]])
        self.assertEqual(self.calls.read_text().split(), ["tutti", "slow", "long"] + ["tutti", "tutti", "slow", "slow"] * 2)

    def test_a_long_task_that_decides_takes_part_in_every_round(self):
        result = self.run_cell("fine", "long", rounds=3, budget=1.0)
        self.assertEqual([row.seconds for row in result.results], [[0.1] * 3, [12.0] * 3])
        self.assertEqual(self.calls.read_text().split(), ["tutti", "long", "tutti", "tutti"] + ["tutti", "tutti", "long"] * 2)

    def test_a_failure_stays_in_its_row(self):
        result = self.run_cell("fine", "crash", "slow")
        fine, crash, slow = result.results
        self.assertEqual((len(fine.seconds), len(slow.seconds), crash.seconds), (3, 3, []))
        self.assertIn("SIGSEGV", crash.failure)
        self.assertIn("not available: ended by signal SIGSEGV", report.table(result))

    def test_a_poor_result_is_fast_for_nothing(self):
        result = self.run_cell("slow", "poor", "fine")
        self.assertEqual([row.passes for row in result.results], [True, False, True])
        self.assertEqual(verdict(result).peer.contender, "fine")

    def test_the_loosest_tolerance_that_is_good_enough_is_taken(self):
        reference = Contender("reference", "learner", {})
        result = self.run_cell("tuned", tolerances=(9.0, 3.0, 1.05, 1.0), reference=reference)
        self.assertEqual(result.results[0].parameters, {"tol": 1.05})
        result = self.run_cell("tuned", tolerances=(9.0, 3.0), reference=reference)
        self.assertIs(result.results[0].passes, False)

    def test_without_a_reference_there_is_no_tuning_and_the_row_says_so(self):
        result = self.run_cell("tuned", tolerances=(1.0,))
        self.assertEqual(result.results[0].failure, "cannot be tuned: the cell names no reference")


class Budgets(unittest.TestCase):
    def rounds(self, budget, *first_turns):
        """(library, seconds, good enough) of each -> rounds it takes part in, of five."""
        turns = []
        for library, seconds, passes in first_turns:
            turns.append(Turn(None, None, Result(library, library, "", {}, seconds=[seconds], passes=passes)))
            turns[-1].cost = seconds
        share_budget(turns, 5, budget)
        return [turn.rounds for turn in turns]

    OURS, NEXT = ("tutti", 1.0, True), ("next", 4.0, True)

    def test_ours_and_the_fastest_peers_take_part_in_every_round_whatever_the_budget(self):
        self.assertEqual(self.rounds(1.0, self.OURS, ("tutti", 9.0, True), self.NEXT, ("near", 5.9, True), ("far", 6.1, True)),
                         [5, 5, 5, 5, 1])

    def test_the_rest_of_the_budget_goes_to_the_faster_ones_first(self):
        decisive = 5 * (1 + 4)
        slow = [("slowest", 50.0, True), ("slow", 10.0, True), ("slower", 20.0, True)]
        for rest, expected in [(-25, [1, 1, 1]), (0, [1, 1, 1]), (19, [1, 1, 1]), (20, [1, 2, 1]), (50, [1, 5, 1]), (90, [1, 5, 2]),
                               (150, [1, 5, 5]), (399, [4, 5, 5]), (400, [5, 5, 5]), (1e6, [5, 5, 5])]:
            self.assertEqual(self.rounds(decisive + rest, self.OURS, self.NEXT, *slow), [5, 5, *expected])

    def test_a_fast_peer_that_is_not_good_enough_makes_no_other_one_slow(self):
        self.assertEqual(self.rounds(1.0, self.OURS, ("poor", 0.1, False), ("good", 20.0, True)), [5, 1, 5])

    def test_one_that_was_not_judged_counts_as_good(self):
        self.assertEqual(self.rounds(1.0, self.OURS, ("unknown", 2.0, None), ("slow", 20.0, None)), [5, 5, 1])


def result_of(ours, theirs, **changes):
    rows = [Result("tutti par", "tutti", "par", {}, seconds=ours, passes=True)] if ours else []
    rows += [Result("them", "them", "", {}, seconds=theirs, passes=True)] if theirs else []
    return dataclasses.replace(CellResult("cell", "Cell", 1, 2.0, "fit", {}, "accuracy", rows), **changes)


class Words(unittest.TestCase):
    def test_the_verdict_is_in_plain_words(self):
        for ours, theirs, word in [([1, 1], [2, 3], "at goal"), ([1, 1], [1.5, 1.5], "ahead"), ([2, 2], [1, 1], "behind"),
                                   ([], [1], "no estimator yet"), ([1], [], "no peer")]:
            self.assertEqual(verdict(result_of(ours, theirs)).word, word)
        self.assertEqual(verdict(result_of([1], [1], skipped="no memory")).word, "skipped")

    def test_ratios_are_of_one_round(self):
        v = verdict(result_of([1, 2, 4], [3, 6, 16]))  # medians 2 and 6, ratios 3, 3 and 4
        self.assertEqual((v.ratio, v.low, v.high), (3, 3, 4))

    def test_a_row_that_was_not_good_enough_does_not_count_as_ours(self):
        result = result_of([1], [2])
        result.results[0].passes = False
        self.assertEqual(verdict(result).word, "not good enough")

    def test_where_none_is_ours_ratios_are_by_the_fastest_peer_that_is_good_enough(self):
        rows = [Result(name, name, "", {}, seconds=seconds, passes=passes)
                for name, seconds, passes in [("slow", [40.0], True), ("good", [2.0, 4.0], True), ("poor", [1.0, 1.0], False)]]
        result = dataclasses.replace(result_of([], []), results=rows)
        self.assertEqual([row[2:4] for row in report.rows_of(result)],
                         [("20.00 (1 round)", "1"), ("1.00 (1.00 to 1.00)", "2"), ("0.38 (0.25 to 0.50)", "2")])

    def test_times_have_units(self):
        self.assertEqual([report.time_text(s) for s in (2.5, 0.0123, 4e-6)], ["2.5 s", "12.3 ms", "4 us"])


class Growth(unittest.TestCase):
    def test_the_exponent_of_a_power_is_found(self):
        self.assertAlmostEqual(sweep.exponent([1, 10, 100], [3, 30 * math.sqrt(10), 3000]), 1.5)
        self.assertTrue(math.isnan(sweep.exponent([5], [1])))

    def test_n_p_and_threads_are_varied(self):
        axes = sweep.variants(cell_of("fine", data={"generator": "friedman1", "n": 1600, "features": 32}))
        self.assertEqual([at for at, _, _ in axes["n"]], [100, 400, 1600])
        self.assertEqual([cell.data["features"] for _, cell, _ in axes["p"]], [5, 8, 32])


class Seeds(Folder):
    PEERS = (Contender("unseeded", "learner", {}), Contender("peer", "learner", {"random_state": 5}),
             Contender("other", "learner", {"seed": 1}))

    def test_ours_meets_the_first_peer_that_takes_a_seed(self):
        cell = dataclasses.replace(cell_of("fine"), contenders=(*cell_of("fine").contenders, *self.PEERS))
        self.assertEqual([spec.library for spec in seeds.sides(cell)], ["tutti", "peer"])
        with self.assertRaisesRegex(Failed, "seed"):
            seeds.sides(dataclasses.replace(cell, contenders=cell.contenders[:2]))

    def test_each_seed_is_fitted_and_judged(self):
        for spec in (cell_of("fine").contenders[0], *self.PEERS[1:]):
            seen = seeds.fit_all(cell_of("fine"), spec, 1, 4, lambda cell, spec, threads: self.fake("seeded", spec.name), {},
                                 lambda measure, paths, answer: float(pathlib.Path(answer).read_text()))
            self.assertEqual(seen.qualities, [0, 1, 2, 3])
            self.assertEqual(seen.mean, 1.5)
            self.assertAlmostEqual(seen.error, math.sqrt(5 / 3 / 4))
        self.assertEqual(self.calls.read_text().split(), ["tutti"] * 4 + ["peer"] * 4 + ["other"] * 4)

    def test_differences_are_in_standard_errors(self):
        low, high = seeds.Seeded("low", [0.1, 0.2, 0.3]), seeds.Seeded("high", [0.5, 0.6, 0.7])
        self.assertAlmostEqual(seeds.errors_apart(high, low), 0.4 / math.sqrt(2 * 0.01 / 3))
        self.assertIn("difference: -4.9 standard errors", seeds.text(cell_of("fine"), low, high))


class Files(Folder):
    FACTS = {"date": "today", "processor": "any", "cores": 2, "compiler": "g++", "tutti": "abc", "rounds": 3}

    def test_results_come_back_as_they_were(self):
        results = [result_of([1.0, 2.0], [3.0, 4.0])]
        report.save(self.folder / "results.json", self.FACTS, results)
        self.assertEqual(report.load(self.folder / "results.json"), (self.FACTS, results))
        self.assertEqual([path.name for path in self.folder.glob("results*")], ["results.json"])

    def test_markdown_has_every_row_also_those_that_failed(self):
        result = result_of([1.0], [2.0])
        result.results.append(Result("gone", "gone", "", {}, failure="no answer within 3 s"))
        text = report.markdown(self.FACTS, [result])
        self.assertIn("not available: no answer within 3 s", text)
        self.assertIn("| at goal |", text)

    def test_publishing_replaces_what_was_published(self):
        readme = f"before\n{publish.BEGIN}\nold\n{publish.END}\nafter\n"
        new = publish.replaced(readme, "new")
        self.assertNotIn("old", new)
        self.assertTrue(new.startswith("before\n") and new.endswith(f"{publish.END}\nafter\n") and "new" in new)
        self.assertEqual(publish.replaced(new, "new"), new)

    def harness(self, *results):
        harness = unittest.mock.Mock(options=unittest.mock.Mock(out=self.folder, rounds=3), facts=dict(self.FACTS), no_python="no network")
        harness.libraries.versions.return_value = {}
        harness.limits.on.return_value = {}
        harness.run.side_effect = results
        return harness

    def test_a_cell_is_measured_on_its_own_threads_unless_others_are_named(self):
        for named, expected in [(None, [1, 2, 2]), ([1, 3], [1, 3, 1, 3])]:
            harness = self.harness(*[result_of([1.0], [2.0])] * len(expected))
            with unittest.mock.patch("sys.stdout"), unittest.mock.patch("sys.stderr"):
                program.compare(harness, [cell_of("fine"), cell_of("fine", threads=(2,))], named)
            self.assertEqual([call.args[1] for call in harness.run.call_args_list], expected)

    def test_a_run_that_is_broken_off_keeps_what_was_measured(self):
        harness = self.harness(result_of([1.0], [2.0]), KeyboardInterrupt)
        with unittest.mock.patch("sys.stdout"), unittest.mock.patch("sys.stderr"):
            self.assertEqual(program.compare(harness, [cell_of("fine"), cell_of("fine")], [1]), 130)
        self.assertEqual(len(report.load(self.folder / "results.json")[1]), 1)
        self.assertTrue((self.folder / "results.md").exists())


class Surroundings(Folder):
    def libraries(self, text):
        (self.folder / "libraries.toml").write_text(text)
        return install.Libraries(self.folder / "libraries.toml", self.folder / "environment")

    def test_a_package_that_cannot_be_installed_has_a_reason(self):
        libraries = self.libraries('[them]\npip = ["them==1"]\n[us]\n')
        with unittest.mock.patch("subprocess.run") as run:
            run.return_value = unittest.mock.Mock(returncode=1, stderr="trace\nno network", stdout="")
            self.assertIn("no network", libraries.why_not("them"))
        self.assertEqual(libraries.why_not("us"), "")
        self.assertEqual(libraries.why_not("nobody"), "libraries.toml does not declare it")

    def harness(self, options=()):
        harness = object.__new__(program.Harness)
        harness.data = unittest.mock.Mock()
        harness.data.get.return_value = {}
        harness.options = program.read_options(list(options))
        return harness

    def test_more_threads_than_cores_are_skipped(self):
        with unittest.mock.patch("os.sched_getaffinity", return_value={0}):
            self.assertEqual(self.harness().why_skipped(cell_of("fine"), 2), "2 threads on 1 core")

    def test_a_cell_that_does_not_fit_into_memory_is_skipped(self):
        with (unittest.mock.patch.object(machine, "available_memory", return_value=1 << 20),
              unittest.mock.patch("harness.data.bytes_of", return_value=1 << 30)):
            self.assertIn("needs about 3.0 GiB of memory, 0.0 GiB are free", self.harness().why_skipped(cell_of("fine"), 1))

    def test_the_machine_is_described(self):
        facts = machine.facts(REPOSITORY)
        self.assertGreaterEqual(facts["cores"], 1)
        self.assertGreater(facts["memory_bytes"], 1 << 20)


if __name__ == "__main__":
    unittest.main()
