"""Reads a model file with Python's safetensors and compares it with what the C++ test beside this file expects.

    python read_with_python.py check model.safetensors expected.json
    python read_with_python.py write foreign.safetensors

The expected numbers are hexadecimal, so that nothing is lost on the way. Exits with 1 and says what differs; with 77 if
a package is missing.
"""

import json
import pathlib
import struct
import sys

try:
    import numpy as np
    from safetensors import safe_open
    from safetensors.numpy import save_file
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)


def fnv_1a(data):
    value = 14695981039346656037
    for byte in data:
        value = (value ^ byte) * 1099511628211 % 2**64
    return f"{value:016x}"


def checksum_of(path):
    """The checksum of a file: that of its header and data, with zeros where the checksum stands."""
    whole = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", whole[:8])
    said = json.loads(whole[8 : 8 + length])["__metadata__"]["checksum"]
    return said, fnv_1a(whole[8:].replace(said.encode(), b"0" * 16, 1))


def differences(path, expected):
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
        arrays = {name: file.get_tensor(name) for name in file.keys()}
    for key, value in expected["metadata"].items():
        if key not in metadata or value and metadata[key] != value:
            yield f"metadata {key}: {metadata.get(key)!r}, expected {value!r}"
    said, found = checksum_of(path)
    if said != found:
        yield f"checksum {said}, but the bytes have {found}"
    if sorted(arrays) != sorted(expected["arrays"]):
        yield f"arrays {sorted(arrays)}, expected {sorted(expected['arrays'])}"
        return
    for name, e in expected["arrays"].items():
        values = np.array([float.fromhex(x) for x in e["values"]]).reshape(e["shape"])
        if str(arrays[name].dtype) != e["dtype"] or arrays[name].shape != values.shape:
            yield f"{name}: {arrays[name].dtype} {arrays[name].shape}, expected {e['dtype']} {values.shape}"
        elif not np.array_equal(arrays[name].astype(np.float64), values):
            yield f"{name}: {arrays[name].tolist()}, expected {values.tolist()}"
    yield from wrong_predictions(arrays, expected)


def wrong_predictions(arrays, expected):
    """What numpy predicts from a linear classifier's arrays."""
    X = np.array([float.fromhex(x) for x in expected["X"]]).reshape(-1, arrays["coef"].shape[1])
    scores = X @ arrays["coef"].T.astype(np.float64) + arrays["intercept"]
    winner = (scores[:, 0] > 0).astype(int) if len(arrays["classes"]) == 2 else scores.argmax(axis=1)
    labels = arrays["classes"][winner].tolist()
    if labels != expected["labels"]:
        yield f"labels {labels}, expected {expected['labels']}"


def main(task, path, *more):
    if task == "write":
        save_file({"coef": np.ones((1, 3)), "intercept": np.zeros(1)}, path, metadata={"kind": "linear_regressor"})
        return 0
    found = list(differences(path, json.loads(pathlib.Path(more[0]).read_text())))
    for difference in found:
        print(f"{path}: {difference}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
