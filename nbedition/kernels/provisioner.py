"""The seam through which Jupyter starts kernels: ``ewppr-warm``, an entry point of jupyter_client.

Any program that starts kernels through jupyter_client (papermill, nbval, JupyterLab) uses it
when the environment says ``JUPYTER_DEFAULT_PROVISIONER_NAME=ewppr-warm``.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool

from nbedition.kernels import driver

LAUNCHER = "ipykernel_launcher"
NAME = "ewppr-warm"


class WarmProvisioner(LocalProvisioner):
    """Kernels forked from a preloaded server, over sockets by path; plain ones where that cannot be."""

    own_files = Bool(False, help="Keep the connection file in the server's private folder too.").tag(config=True)
    _server: driver.WarmServer | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose the server and the sockets' place before the connection file is written."""
        if driver.possible() and self._is_own_python():
            environment = dict(kwargs.get("env") or os.environ)
            self._server = await asyncio.to_thread(driver.server, environment)
            if self.parent is not None and self.parent.transport != "ipc":
                self._settle(self.parent, self._server.place())
        return await super().pre_launch(**kwargs)

    def _settle(self, manager: Any, place: str) -> None:
        manager.transport, manager.ip = "ipc", place
        if self.own_files:
            manager.connection_file = f"{place}.json"

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start a plain one where the command is not this Python's own ipykernel."""
        if self._server is None:
            return await super().launch_kernel(cmd, **kwargs)
        environment = dict(kwargs.get("env") or os.environ)
        folder = str(kwargs.get("cwd") or Path.cwd())
        beside = "-P" not in cmd and not environment.get("PYTHONSAFEPATH")
        kernel = self._server.fork(environment, folder, cmd[cmd.index("-m") + 2 :], beside=beside)
        self.process = cast("Any", kernel)  # it is asked for no more than a forked kernel can tell
        self.pid, self.cwd = kernel.pid, folder
        return self.connection_info

    def _is_own_python(self) -> bool:
        argv = list(self.kernel_spec.argv)
        own = {"python", "python3", f"python3.{sys.version_info[1]}", sys.executable}
        return argv[0] in own and (argv[1:3] == ["-m", LAUNCHER] or argv[1:4] == ["-P", "-m", "ipykernel"])
