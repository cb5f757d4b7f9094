"""Speaks the harness's protocol; what it does is its first argument. Writes each task to the log that FAKE_LOG names."""

import json
import os
import signal
import sys
import time

manner, name = sys.argv[1], sys.argv[2]
print("ready", flush=True)
made = 0.0
for line in sys.stdin:
    command, _, rest = line.rstrip("\n").partition(" ")
    if command == "make":
        made = sum(json.loads(rest.partition(" ")[2]).values())
    if command == "run":
        with open(os.environ["FAKE_LOG"], "a") as log:
            log.write(f"{name}\n")
        if manner == "crash":
            print("something is very wrong", file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGSEGV)
        if manner == "hang":
            time.sleep(60)
        if manner == "refuse":
            print("error ValueError: not for me", flush=True)
            continue
        if manner == "babble":
            print("hello", flush=True)
            continue
        if manner == "lazy":
            time.sleep(0.3)
    if command == "judge":
        with open(rest.partition(" ")[2], "w") as answer:  # the "quality": the parameter, or what the manner says
            answer.write(str(made if manner in ("tuned", "seeded") else {"poor": 2.0}.get(manner, 1.0)))
    seconds = {"slow": 0.4, "lazy": 2.0, "long": 12.0}.get(manner, 0.1)
    print(f"ok {seconds}" if command in ("load", "run") else "ok", flush=True)
