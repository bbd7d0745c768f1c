"""The worker's process: reads a call a line, answers with lines of progress and one of what came of it.

It ends when the server does, since its standard input then ends.
"""

import json
import os
import sys
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
    from siting.page.worker_calls import CALLS, fault_values  # noqa: PLC0415 - heavy, and a call that fails is told

    try:
        found = CALLS[asked["call"]](
            asked["values"], lambda step: send({"progress": step, "share": getattr(step, "share", None)})
        )
        send({"done": found})
    except InputFaultsError as error:
        send({"faults": [fault_values(fault) for fault in error.faults]})
    except SitingError as error:
        send({"refused": str(error)})
    except Exception as error:  # noqa: BLE001 - it goes to a log, and the user is told where
        send({"broken": _log(error)})


def _log(error: Exception) -> str:
    """Write down where an error happened, with nothing of what was worked on."""
    from siting.pipeline.fault_log import write_fault_log  # noqa: PLC0415 - only a fault needs it

    return str(write_fault_log(error, ["page"]) or "no log, since none could be written")


if __name__ == "__main__":
    main()
