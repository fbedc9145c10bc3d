"""Starts the demo: python -m demo [--port PORT] [--fresh]."""

import argparse
import shutil
import signal
import sys

from .client import Client
from .folder import DASHBOARD, PASSWORD, ROOT, USER, prepare
from .home_assistant import StartError, running
from .site import set_up

FOLDER = ROOT / ".demo"


def main() -> int:
    """Run until Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="A real Home Assistant with a simulated house and a car.",
    )
    parser.add_argument("--port", type=int, default=8123, help="default: 8123")
    parser.add_argument("--fresh", action="store_true", help="forget earlier runs")
    arguments = parser.parse_args()
    if arguments.fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)
    prepare(FOLDER, arguments.port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print("Starting Home Assistant ...", flush=True)
    try:
        with running(FOLDER, arguments.port) as url:
            set_up(Client(url))
            print(
                f"\n  {url}{DASHBOARD}\n"
                f"  log in as {USER}, password {PASSWORD}; Ctrl-C stops it\n",
                flush=True,
            )
            signal.pause()
    except KeyboardInterrupt:
        print("\nStopped.")
    except StartError as error:
        print(f"{error}. Is port {arguments.port} in use? Try --port.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
