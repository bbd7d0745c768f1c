"""The worker's process: reads a call a line, answers with lines of progress and one of what came of it.

It ends when the server does, since its standard input then ends.
"""

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import Any

from siting.faults import InputFaultsError, SitingError

Send = Callable[[dict[str, Any]], None]


def main() -> None:
    """Serve calls until the input ends; whatever a library prints does not reach the answers."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def send(values: dict[str, Any]) -> None:
        answers.write(json.dumps(values, ensure_ascii=True) + "\n")
        answers.flush()

    for line in sys.stdin:
        answer(json.loads(line), send)


def answer(asked: dict[str, Any], send: Send) -> None:
    """Make one call and send what came of it."""
    from siting.page.calls import CALLS, fault_values  # noqa: PLC0415 - heavy, and a call that fails is told

    try:
        found = CALLS[asked["call"]](asked["values"], lambda step: send({"progress": step}))
        send({"done": found})
    except InputFaultsError as error:
        send({"faults": [fault_values(fault) for fault in error.faults]})
    except SitingError as error:
        send({"refused": str(error)})
    except Exception:  # noqa: BLE001 - it goes to a log, and the user is told where
        send({"broken": _log(traceback.format_exc())})


def _log(text: str) -> str:
    with tempfile.NamedTemporaryFile("w", prefix="siting-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(text)
    return log.name


if __name__ == "__main__":
    main()
