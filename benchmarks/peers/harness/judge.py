"""python -m harness.judge MEASURE ANSWER.npy name=array.npy...: prints what an answer is worth."""

import sys

import numpy as np

from harness import quality


def main():
    measure, answer, *pairs = sys.argv[1:]
    arrays = {name: np.load(path) for name, _, path in (pair.partition("=") for pair in pairs)}
    arrays = {name: array.ravel() if name.startswith("y") else array for name, array in arrays.items()}
    print(repr(quality.judge(measure, arrays, np.load(answer))))


if __name__ == "__main__":
    main()
