"""The seam at which kernels are started: an ordinary local process that inherits our sockets."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import sys
from typing import Any

from jupyter_client.provisioning import LocalProvisioner
from traitlets import Dict, Instance, List


class ObservedProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Starts the kernel with one socket for the probe and one for each keeper.

    The kernel specification's metadata configures it (`environment`, `sockets`: the kernel's ends,
    the probe's first). It is the only part that a faster or safer way to start kernels has to
    replace.
    """

    environment = Dict().tag(config=True)
    sockets = List(Instance(socket.socket)).tag(config=True)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Everything Popen needs: a scrubbed environment and the descriptors to inherit."""
        kwargs = await super().pre_launch(**kwargs)
        descriptors = [end.fileno() for end in self.sockets]
        kwargs["env"] = dict(self.environment) | {
            "GRADER_CHANNEL": str(descriptors[0]),
            "GRADER_KEEPERS": ",".join(str(number) for number in descriptors[1:]),
        }
        kwargs["pass_fds"] = tuple(descriptors)
        return kwargs

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch, then close the kernel's ends on our side so that its death closes the sockets."""
        info = await super().launch_kernel(cmd, **kwargs)
        for end in self.sockets:
            end.close()
        return info

    def peak_memory_bytes(self) -> int:
        """The kernel's peak resident memory so far; 0 where the system does not tell."""
        try:
            with open(f"/proc/{self.pid}/status", encoding="ascii") as status:  # noqa: PTH123
                lines = dict(line.split(":", 1) for line in status if ":" in line)
            return int(lines["VmHWM"].split()[0]) * 1024
        except (OSError, KeyError, ValueError):
            return 0

    def kill_main(self) -> None:
        """End the kernel itself, not its keepers."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def kill_all(self) -> None:
        """End every process of the kernel's session, and wait until they are gone."""
        self.kill_main()
        if not self.pgid:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pgid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            # Keepers became our children when the kernel died (see `adopt_orphans`).
            while True:
                os.waitpid(-self.pgid, 0)


def adopt_orphans() -> None:
    """Have processes whose parent died become children of this one, so that it can reap them.

    Linux only (`PR_SET_CHILD_SUBREAPER`, prctl(2)); elsewhere init reaps them.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
