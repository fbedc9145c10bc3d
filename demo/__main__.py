"""Starts the demo: python -m demo [--port PORT] [--fresh]."""

import argparse
from pathlib import Path
import shutil
import signal
import socket
import sys

from .client import Client
from .folder import PASSWORD, ROOT, USER, prepare
from .home_assistant import StartError, StopError, running
from .site import DASHBOARD, set_up


def main() -> int:
    """Run until Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="A real Home Assistant with a simulated house.",
    )
    parser.add_argument("--port", type=int, default=8123, help="default: 8123")
    parser.add_argument("--fresh", action="store_true", help="forget earlier runs")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / ".demo", help="default: .demo"
    )
    arguments = parser.parse_args()
    folder = arguments.folder.absolute()
    if not _is_free(arguments.port):
        print(f"Port {arguments.port} is in use. Try --port.", file=sys.stderr)
        return 1
    if arguments.fresh:
        shutil.rmtree(folder, ignore_errors=True)
    prepare(folder, arguments.port)
    # Whoever started this in the background had SIGINT ignored.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    print("Starting Home Assistant ...", flush=True)
    try:
        with running(folder, arguments.port) as url:
            set_up(Client(url))
            print(
                f"\n  {url}{DASHBOARD}\n"
                f"  log in as {USER}, password {PASSWORD}; Ctrl-C stops it\n",
                flush=True,
            )
            signal.pause()
    except KeyboardInterrupt:
        print("\nStopped.")
    except (StartError, StopError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
