"""Running one cell behind chosen walls."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from grader.kernel import KernelServer, sandbox
from tests.run.conftest import runs

Say = Callable[..., str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    lacking = sandbox.missing()
    if lacking:
        mark = pytest.mark.skip(reason=f"this machine lacks {', '.join(lacking)}")
        for item in items:
            if "tests/kernel/" in item.nodeid:
                item.add_marker(mark)


@pytest.fixture(scope="session")
def behind() -> Iterator[Callable[..., KernelServer]]:
    """A server with these layers, or with all but one; each is started once."""
    servers: dict[tuple[str, ...], KernelServer] = {}

    def serving(*without: str) -> KernelServer:
        layers = tuple(layer for layer in sandbox.choose(None) if layer not in without)
        if layers not in servers:
            servers[layers] = KernelServer(layers)
        return servers[layers]

    yield serving
    for server in servers.values():
        server.close()


def printed(server: KernelServer, source: str) -> str:
    """What a cell prints, errors included."""
    sealed, _ = runs(server.address)([("a", source)])
    parts = [output.text for cell in sealed.cells for output in cell.outputs]
    return "".join(parts).strip()


@pytest.fixture
def say() -> Say:
    return printed
